"""The outside: sends approved changes, each once by its key."""
