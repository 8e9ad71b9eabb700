"""Reading a bulk export: files become the tables of a population, member by member."""
