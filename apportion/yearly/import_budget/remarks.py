"""Remarks that seem to stand one row too high or too low: in another year they were a neighbour's."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from apportion.findings import Findings
from apportion.rewriting import years
from apportion.tables import budget
from apportion.tables.files import open_table
from apportion.year import FiscalYear
from apportion.yearly.import_budget import notices
from apportion.yearly.import_budget.node import Node
from apportion.yearly.import_budget.reading import Document
from apportion.yearly.import_budget.words import loose_key

_SHORTEST = 8
"""A remark of fewer signs (運用保守) is no mark of one line."""


def compare(root: Path, found: Document, year: FiscalYear, findings: Findings) -> None:
    """Tell remarks of the document that another year has at the row above or below."""
    rows = [node for root in found.spending.blocks[0] for node in root.walk()]
    others = dict(_others(root, {year, found.year}))
    for upper, lower in pairwise(rows):
        for row, neighbour in ((upper, lower), (lower, upper)):
            if len(row.remark) < _SHORTEST:
                continue
            agreeing = _places(row.remark, row, neighbour, others)
            differing = _places(row.remark, neighbour, row, others)
            # The document and those that agree with it are not the odd ones where they are more.
            if len(differing) > len(agreeing):
                notices.neighbour(findings, row, neighbour.name, differing[0])


def _places(
    remark: str, row: Node, neighbour: Node, others: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Where the remark stands at `row`, and not at its neighbour as well."""
    here, beside = loose_key(row.name), loose_key(neighbour.name)
    return [
        place
        for place, notes in others.items()
        if remark in notes.get(here, "") and remark not in notes.get(beside, "")
    ]


def _others(root: Path, but: set[FiscalYear]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Remarks of each other year by folded name of 経費 and of the 項 above it."""
    for year in years(root):
        table = None if year in but else open_table(root, budget.FORM, year, Findings())
        lines = budget.read(table) if table else None
        notes: dict[str, str] = {}
        for line in lines or ():
            for name in {line.name, *line.path[-1:]}:
                notes[loose_key(name)] = notes.get(loose_key(name), "") + line.note
        if table and notes:
            yield table.grid.file, notes
