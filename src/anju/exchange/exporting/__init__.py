"""Lists of the register as files that are ledgers again: which rows and columns, their cells, the workbook, its sealed pieces."""
