"""Pictures of a case: what is to be seen as SVG text, and beside each picture the table that says the same.

Pure functions: no clock, no locale, the same bytes from the same input. A picture has no style and no script of its
own, is drawn in the colour of the text around it, and tells nothing by colour alone, so that it prints in black and
white and follows the colours that a reader forces.
"""
