"""The example businesses that come with Argosy: a real wholesaler's invoices, and a brand that does not exist."""
