"""The Polars query that somebody would write without Anju."""
