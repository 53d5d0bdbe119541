"""How right Argosy is where the truth is known: worlds through the product, held against what is really so."""
