"""DTR: the forms that ask what a plan has to know."""
