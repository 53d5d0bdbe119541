"""What is likely next, each forecast checked on data it has not seen."""
