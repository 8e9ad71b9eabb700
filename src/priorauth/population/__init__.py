"""Whole populations: the policy tree as SQL over tables of rows, run by DuckDB on one machine or by Spark on many."""
