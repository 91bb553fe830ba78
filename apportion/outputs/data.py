"""Names of what a settlement writes."""

import csv
import io
from collections.abc import Mapping

from apportion.allocate.case import LineResult
from apportion.allocate.instalments import Instalment
from apportion.core.text import name_key
from apportion.outcome.charges import charges_csv, to_csv
from apportion.outcome.outcome import Outcome
from apportion.rules.nodes import RestOrder

INVOICES = ("年度", "団体コード", "団体名", "期", "納期限", "請求額_円", "ファイル")
RECONCILIATION = ("式", "左辺_円", "右辺_円", "差_円")

CHANGES = ("年度", "団体コード", "団体名", "事業", "変更前_円", "変更後_円", "増減_円")
ROTATION = ("事業", "経費", "次の番（団体コード）")


def all_files(outcome: Outcome, files: Mapping[Instalment, str]) -> dict[str, bytes]:
    """The files of `data/` by name; `files` gives the workbook that asks for each instalment."""
    found = {
        "charges.csv": charges_csv(outcome.year, outcome.charges),
        "invoices.csv": invoices_csv(outcome, files),
        "reconciliation.csv": reconciliation_csv(outcome),
        "rotation.csv": rotation_csv(outcome),
        "changes.csv": changes_csv(outcome),
    }
    return {name: data for name, data in found.items() if data is not None}


def invoices_csv(outcome: Outcome, files: Mapping[Instalment, str]) -> bytes:
    """data/invoices.csv; `files` gives the workbook that asks for each instalment."""
    names = outcome.tables.by_code
    rows = (
        (
            outcome.year.code,
            part.code,
            names[part.code].name,
            part.number,
            part.day.isoformat() if part.day else "",
            part.yen,
            files.get(part, ""),
        )
        for part in outcome.instalments
    )
    return to_csv(INVOICES, rows)


def reconciliation_csv(outcome: Outcome) -> bytes:
    """data/reconciliation.csv: every equation with both sides."""
    rows = ((e.name, e.left, e.right, e.difference) for e in outcome.equations)
    return to_csv(RECONCILIATION, rows)


def rotation_csv(outcome: Outcome) -> bytes | None:
    """data/rotation.csv: whose turn it is next year; None where no rule rotates."""
    rows = [
        (result.case.line.project, result.case.line.name, _next_turn(result))
        for result in outcome.results
        if result.case.rounding.rest is RestOrder.ROTATION and result.rounded.order
    ]
    return to_csv(ROTATION, rows) if rows else None


def changes_csv(outcome: Outcome) -> bytes | None:
    """data/changes.csv: each member and 事業 before and after the 補正; None without one."""
    if outcome.revision is None:
        return None
    projects = {name_key(r.case.line.project): r.case.line.project for r in outcome.results}
    now, before = outcome.by_project, outcome.revision.former.charges
    rows = [
        (outcome.year.code, code, outcome.tables.by_code[code].name, project, old, new, new - old)
        for code in sorted({*before, *now})
        for key, project in projects.items()
        for old, new in [(before.get(code, {}).get(key, 0), now.get(code, {}).get(key, 0))]
    ]
    return to_csv(CHANGES, rows)


def _next_turn(result: LineResult) -> str:
    """The member after the last one that was given a unit."""
    order = result.rounded.order
    position = order[len(result.rounded.ledger) % len(order)]
    return result.case.participants[position].member.code


def read_billed(data: bytes) -> dict[str, int]:
    """Yen that each invoice workbook of a data/invoices.csv asks for, its instalments added up."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    billed: dict[str, int] = {}
    for row in rows:
        billed[row["ファイル"]] = billed.get(row["ファイル"], 0) + int(row["請求額_円"])
    return billed


LETTERS = "精算書"
SUMMARY = "精算一覧.xlsx"
DATA = "data/settlement.csv"
COLLECTED = "_精算"
"""End of the name of a letter to a 代表."""
