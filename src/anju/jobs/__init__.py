"""Background work: begun with a key, retried, taken over from a killed worker, with progress for whoever began it."""
