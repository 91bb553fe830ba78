"""rules/<year>/names.csv: published names, and what the rules call them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apportion.findings import Findings
from apportion.problem import Source
from apportion.tables.files import Form, open_table
from apportion.text import name_key
from apportion.year import FiscalYear
from apportion.yearly.import_budget import notices

PROJECT, PUBLISHED, OURS = "事業", "公表の経費", "経費"
FORM = Form("名の対応", "rules/{year}/names", f"{PROJECT},{PUBLISHED},{OURS}", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """One row: in `project` (empty: anywhere) what is published as `published` is `ours`."""

    project: str
    published: str
    ours: str
    source: Source


@dataclass(frozen=True, slots=True)
class Names:
    """The table of one year; `used` collects the rows that met a name."""

    rows: tuple[Renaming, ...]
    used: set[Renaming]

    def of(self, published: str, project: str) -> str:
        """What the rules call a published name of `project`."""
        keys = {"", name_key(project)}
        for row in self.rows:
            if name_key(row.published) == name_key(published) and name_key(row.project) in keys:
                self.used.add(row)
                return row.ours
        return published

    def report_unused(self, findings: Findings) -> None:
        """Say which rows met no name of the document."""
        for row in self.rows:
            if row not in self.used:
                notices.unused_name(findings, row.source, row.published)


def read(root: Path, year: FiscalYear, findings: Findings) -> Names:
    """Names of the year; none where there is no table."""
    table = open_table(root, FORM, year, findings)
    rows: Sequence[Renaming] = ()
    if table and table.need(PROJECT, PUBLISHED, OURS):
        rows = [
            Renaming(
                project=row.text(PROJECT),
                published=published,
                ours=ours,
                source=table.source(row.cell(PUBLISHED)),
            )
            for row in table.rows()
            if (published := row.name(PUBLISHED)) and (ours := row.name(OURS))
        ]
    return Names(tuple(rows), set())
