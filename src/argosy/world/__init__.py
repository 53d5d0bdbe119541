"""A seller who does not exist: export files like real ones, and beside them what is really so."""
