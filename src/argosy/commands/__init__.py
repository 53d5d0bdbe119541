"""The commands of the loop: look, decide, set the rules, read the log."""
