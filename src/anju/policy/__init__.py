"""The guideline as pages, and the small language that runs them. Python and Polars; nothing here knows of Django."""
