"""Ledger files in: safe reading, the headers of real ledgers, values by label, problems as sentences. No Django."""
