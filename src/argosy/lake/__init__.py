"""Where facts and books live and which engine computes: the only code that knows DuckDB, DuckLake or Spark."""
