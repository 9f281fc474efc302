"""How the tables of the government came to be."""
