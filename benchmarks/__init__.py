"""`./dev bench`: the same tables and rows by Anju and by other engines, in one run. See docs/benchmarks.md."""
