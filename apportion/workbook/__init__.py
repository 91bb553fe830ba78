"""Workbooks: invoices and the summary. They compute no amount; every formula has its cached value."""
