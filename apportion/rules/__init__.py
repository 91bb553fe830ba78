"""Rule texts: their tree, their reading, their spelling and their sentences."""
