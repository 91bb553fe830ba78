"""From tables and rules to whole yen: resolve, share, bound, round. Pure, and exact throughout."""
