"""Builds 負担金計算.html: `python -m page [FILE]`."""
