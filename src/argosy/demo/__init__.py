"""The example business that comes with Argosy: every tenth invoice of a real wholesaler."""
