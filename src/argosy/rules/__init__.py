"""Dated reference tables: tax, duty, fees and norms, each row with its source, looked up "as of" a day."""
