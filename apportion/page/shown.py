"""A file of the workspace to be looked at: the lines of a rule text, the cells of a table."""

from apportion.core.problem import Findings, InputError
from apportion.core.text import decode
from apportion.page.told import Record
from apportion.tables.files import parsed


def shown(name: str, data: bytes) -> Record:
    """Lines or cells of a file; raises `InputError` where a table cannot be read."""
    if name.endswith(".txt"):
        known = decode(data)
        text = known.text if known else data.decode("utf-8", "replace")
        return {"kind": "text", "lines": text.splitlines(), "rows": []}
    findings = Findings()
    grid = parsed(name, data, findings)
    if grid is None:
        raise InputError(findings.problems)
    rows = [
        {"row": row[0].row, "cells": [{"cell": cell.place, "text": cell.text} for cell in row]}
        for row in (grid.headings, *grid.rows)
        if row
    ]
    return {"kind": "table", "lines": [], "rows": rows}
