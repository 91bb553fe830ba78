"""Issues: what was sealed, verified, and issued again."""
