"""What is written: made, read back, proved, swapped."""
