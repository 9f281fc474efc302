"""What would become of staged rows: compared with what the register holds, row by row, and nothing written."""
