"""Documents and tables from elsewhere become tables of ours."""
