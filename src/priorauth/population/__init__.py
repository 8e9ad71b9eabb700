"""Whole populations: the policy tree as SQL over tables of rows, run by DuckDB, here or on Spark's executors."""
