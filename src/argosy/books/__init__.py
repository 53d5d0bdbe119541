"""Facts into the two ledgers, and the questions people ask of them."""
