"""What can go wrong or right in each domain, what to do about it, and what that brought."""
