"""What comes in and what goes out: ledgers are staged, seen by two people and merged in one go; lists leave with a purpose."""
