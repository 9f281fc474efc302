"""Money that follows a person: whose month it is, what was really paid, and when a month is closed (docs/adr/0018)."""
