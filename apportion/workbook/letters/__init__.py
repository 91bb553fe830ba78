"""What one body gets."""
