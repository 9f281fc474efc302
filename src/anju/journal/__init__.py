"""Who did what and who saw what: written with the deed itself, chained, never changed."""
