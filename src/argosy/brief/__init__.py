"""The brief: what a period really earned, which promises held, what does not add up and what cannot be told."""
