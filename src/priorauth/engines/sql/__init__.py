"""The same policy as SQL over the tables of a population: two columns a criterion, one text a form."""
