"""Base templates, components, assets and error pages."""
