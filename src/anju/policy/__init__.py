"""The guideline as pages, and the small language that runs them. Pure Python and Polars; nothing here knows of Django."""
