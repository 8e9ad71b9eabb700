"""How a person of the workbench signs in, how long that lasts, and in which role she then acts."""
