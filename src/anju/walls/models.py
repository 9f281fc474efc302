"""No tables; Django speaks after a migration only to apps that could have some."""
