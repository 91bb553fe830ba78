"""精算: 決算額 against what was billed."""
