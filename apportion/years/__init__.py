"""The life of a year: issues, payments, settlement, the next year, other programs."""
