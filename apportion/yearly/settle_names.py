"""Names of what a settlement writes."""

LETTERS = "精算書"
SUMMARY = "精算一覧.xlsx"
DATA = "data/settlement.csv"
COLLECTED = "_精算"
"""End of the name of a letter to a 代表."""
