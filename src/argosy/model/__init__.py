"""The nouns of the trade: fact tables, accounts, money, gaps and errors. Nothing here reads or writes."""
