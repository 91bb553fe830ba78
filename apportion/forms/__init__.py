"""The council's own form and seal: an input, read and judged."""
