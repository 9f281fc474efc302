"""Pages into the model: first the words of all pages, then what is said with them."""
