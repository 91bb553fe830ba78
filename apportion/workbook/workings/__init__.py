"""計算書: every 経費 and every member, live from the figures to the yen."""
