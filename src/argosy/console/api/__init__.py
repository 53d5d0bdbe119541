"""The JSON API: the same functions as the pages and the command line, for programs with a token."""
