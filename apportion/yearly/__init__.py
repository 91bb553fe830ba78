"""The life of a fiscal year: what is imported, sealed, changed and settled."""
