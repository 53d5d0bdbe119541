"""The console: pages, JSON API and sign-in over what the business knows; it computes nothing itself."""
