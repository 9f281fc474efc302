"""The demo: a synthetic city whose people are made up, and its officers, whose work anybody may try at one click (docs/adr/0015)."""
