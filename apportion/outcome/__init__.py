"""The one result of a year, the equations that prove it and the lists of what is wrong."""
