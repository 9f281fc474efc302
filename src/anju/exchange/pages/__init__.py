"""Pages of imports: the list, handing in, one batch and what is done with it."""
