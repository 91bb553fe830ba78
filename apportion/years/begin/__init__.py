"""Where a year begins: the first workspace, and the year after."""
