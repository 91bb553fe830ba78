"""Sheets: numbers that know their formula, pages, packages, reading ours back."""
