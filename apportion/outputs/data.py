"""The files of `data/` that a run or a settlement writes, and the names of all that it writes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.allocate.instalments import Instalment
from apportion.core.model import Member
from apportion.core.shape import is_path
from apportion.core.sums import summed
from apportion.core.text import name_key
from apportion.outcome.charges import ACCOUNT, charges_csv, rows_of, to_csv
from apportion.outcome.checks.texts import ADJUSTMENT
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import (
    NEXT_YEAR,
    Settled,
    SettledRow,
    difference_of,
    settlement_csv,
)
from apportion.rules.nodes import RestOrder
from apportion.tables.reserve import FORM
from apportion.workbook.letters.naming import COLLECTED, COLLECTED_SETTLED

INVOICES = ("年度", "団体コード", "団体名", "期", "納期限", "請求額_円", "ファイル")
RECONCILIATION = ("式", "左辺_円", "右辺_円", "差_円")

CHANGES = ("年度", "団体コード", "団体名", "事業", "変更前_円", "変更後_円", "増減_円")
ROTATION = ("事業", "経費", "次の番（団体コード）")


REASONS = "増減の理由.xlsx"
"""Why amounts changed since a year before, where that was asked for."""


class Kind(NamedTuple):
    """What a run or a settlement calls what it writes, below its folder.

    `letters` is the folder of the workbooks of members, `workings` the workbook with every 経費 and
    member, `data` the file whose rows they must say,
    `collected` the end of the name of a workbook to a 代表, `command` what writes all of it anew.
    """

    letters: str
    summary: str
    workings: str
    data: str
    collected: str
    command: str


CHARGED = Kind("請求書", "負担金一覧.xlsx", "計算書.xlsx", "data/charges.csv", COLLECTED, "run")
SETTLED = Kind(
    "精算書", "精算一覧.xlsx", "精算計算書.xlsx", "data/settlement.csv", COLLECTED_SETTLED, "settle"
)


def kind_of(outcome: Outcome) -> Kind:
    """Whether it is a run or a settlement."""
    return SETTLED if outcome.settled else CHARGED


def all_files(outcome: Outcome, files: Mapping[Instalment, str]) -> dict[str, bytes]:
    """The files of `data/` by name; `files` gives the workbook that asks for each instalment.

    Those for next year are there only where they hold something.
    """
    own = _settled(outcome) if outcome.settled else _charged(outcome, files)
    found = {**own, "reconciliation.csv": reconciliation_csv(outcome)}
    return {name: data for name, data in found.items() if data is not None}


def _charged(outcome: Outcome, files: Mapping[Instalment, str]) -> dict[str, bytes | None]:
    return {
        "charges.csv": charges_csv(outcome.year, outcome.charges, outcome.book),
        "invoices.csv": invoices_csv(outcome, files),
        "rotation.csv": rotation_csv(outcome),
        "changes.csv": changes_csv(outcome),
    }


def _settled(outcome: Outcome) -> dict[str, bytes | None]:
    settled = outcome.settlement
    return {
        "settlement.csv": settlement_csv(outcome.year.code, settled),
        "adjustment.csv": adjustment_csv(settled),
        "reserve.csv": reserve_csv(settled),
    }


def invoices_csv(outcome: Outcome, files: Mapping[Instalment, str]) -> bytes:
    """data/invoices.csv; `files` gives the workbook that asks for each instalment."""
    names, divided = outcome.tables.by_code, bool(outcome.book.accounts)
    rows = (
        (
            outcome.year.code,
            part.code,
            names[part.code].name,
            part.number,
            part.day.isoformat() if part.day else "",
            part.yen,
            files.get(part, ""),
            *((part.account,) if divided else ()),
        )
        for part in outcome.instalments
    )
    return to_csv((*INVOICES, ACCOUNT) if divided else INVOICES, rows)


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


def read_billed(data: bytes) -> Mapping[str, int]:
    """Yen that each invoice workbook of a data/invoices.csv asks for, its instalments added up."""
    rows = rows_of(data)
    if not all(is_path(row["ファイル"]) for row in rows):
        raise ValueError(rows)
    return summed((row["ファイル"], int(row["請求額_円"])) for row in rows)


def adjustment_csv(settled: Settled) -> bytes | None:
    """Figures for next year's 団体別加減: one column, or one for each 事業 that adjusts next year."""
    own = [row for row in settled.rows if row.way == NEXT_YEAR]
    projects = {name_key(row.project): row.project for row in own}
    if not projects:
        return None
    headings = [
        f"{ADJUSTMENT}{f' {name}' if len(projects) > 1 else ''}（円）" for name in projects.values()
    ]
    return to_csv(("団体コード", "団体名", *headings), _adjustments(own, tuple(projects)))


def _adjustments(
    own: Sequence[SettledRow], projects: tuple[str, ...]
) -> Iterator[tuple[str | int, ...]]:
    members: dict[str, Member] = {row.member.code: row.member for row in own}
    for code in sorted(members):
        mine = [row for row in own if row.member.code == code]
        sums = (difference_of(r for r in mine if name_key(r.project) == key) for key in projects)
        yield (code, members[code].name, *map(int, sums))


def reserve_csv(settled: Settled) -> bytes | None:
    """members/<next year>/reserve.csv: the balances that are known or not 0."""
    found = [(own.project, int(own.after)) for own in settled.reserves if own.known or own.after]
    return to_csv(FORM.headings.split(","), found) if found else None
