"""A list of payments from elsewhere: where its headings are, and what each row says.

Lists come with titles above the headings, totals below, and columns that nobody here needs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from apportion.findings import Findings
from apportion.model import Payment, Yen
from apportion.outcome import Outcome
from apportion.problem import Source
from apportion.tables.cells import MONEY, Fault, yen
from apportion.tables.controls import cleaned
from apportion.tables.directory import CODE, NAME
from apportion.tables.grid import Cell, Grid
from apportion.tables.headings import measure
from apportion.tables.payments import AMOUNT, DAY, TERM, paid_day, term
from apportion.tables.table import Row, Table
from apportion.text import fold, name_key
from apportion.yearly.import_source import opened
from apportion.yearly.payer import SERIAL, Payers, serial_term

HEADINGS: Mapping[str, tuple[str, ...]] = {
    CODE: (CODE, "市町村コード", "市区町村コード", "自治体コード"),
    SERIAL: (SERIAL, "請求番号"),
    NAME: (
        *(NAME, "市町村名", "市区町村名", "納入者", "納入者名", "納入義務者"),
        *("債務者", "債務者名", "相手方", "宛先", "会員名"),
    ),
    TERM: (TERM, "期別", "納期"),
    DAY: (
        *(DAY, "収納日", "入金日", "収入日", "領収日", "納付日", "納入年月日", "収納年月日"),
        *("入金年月日", "収入年月日", "領収年月日", "納付年月日"),
    ),
    AMOUNT: (
        *(AMOUNT, "収納額", "入金額", "収入額", "領収額", "納付額", "金額", "納入済額"),
        *("収入済額", "納入金額", "収納金額", "入金金額", "納付金額"),
    ),
}
"""What each column may be called; the first one is ours."""

_WHO = (CODE, SERIAL, NAME)
_NEEDED = (TERM, DAY, AMOUNT)
_DEEPEST = 30
_TOTALS = frozenset({"計", "小計", "合計", "総計", "累計"})
_MONEY_SIGNS = re.compile(rf"^[{chr(0xA5)}￥\\]|円$")  # cp932 has no sign U+00A5


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Payments in the order of the list; headings that were not used; rows of totals."""

    file: str
    payments: tuple[Payment, ...]
    unused: tuple[str, ...]
    totals: int


def read(path: Path, outcome: Outcome, findings: Findings) -> Listed | None:
    """Read a list; what is at fault in its rows is in `findings`.

    Raises `InputError` where it is no table at all, `OutputError` where it is locked.
    """
    grid = opened(path, findings)
    headed = _headed(grid)
    if headed is None:
        _headless(grid).add_to(findings, Source(file=grid.file, sheet=grid.sheet))
        return None
    table = Table(cleaned(headed, findings), findings)
    for name, cell in _columns(headed.headings).items():
        table.claim(name, cell)
    payers, found, totals = Payers(outcome), [], 0
    for row in table.rows():
        if _is_total(row):
            totals += 1
        elif payment := _payment(row, payers):
            found.append(payment)
    return Listed(
        file=grid.file,
        payments=tuple(found),
        unused=tuple(cell.text for cell in table.rest()),
        totals=totals,
    )


def _headed(grid: Grid) -> Grid | None:
    """The grid below the row that holds all headings; None where there is none."""
    rows = [grid.headings, *grid.rows]
    for place, row in enumerate(rows[:_DEEPEST]):
        found = _columns(row)
        if not any(_lacking(found)):
            return grid._replace(headings=row, width=len(row), rows=tuple(rows[place + 1 :]))
    return None


def _columns(row: tuple[Cell, ...]) -> dict[str, Cell]:
    """Columns of a row of headings by our name for each; the first one of a name counts."""
    found: dict[str, Cell] = {}
    for cell in row:
        key = name_key(_heading(cell))
        for name, others in HEADINGS.items():
            if key in map(name_key, others):
                found.setdefault(name, cell)
    return found


def _heading(cell: Cell) -> str:
    found = measure(cell)
    return found.name if found and found.is_money else cell.text


def _is_total(row: Row) -> bool:
    """Whether a row is one of totals, or empty but for columns that are not used."""
    if not any(row.text(name) for name in (*_WHO, *_NEEDED)):
        return True
    return not row.text(DAY) and any(name_key(cell.text) in _TOTALS for cell in row.cells)


def _payment(row: Row, payers: Payers) -> Payment | None:
    member = payers.find(row)
    number = _term(row)
    day = row.take(row.cell(DAY), paid_day) if row.name(DAY) else None
    amount = row.take(row.cell(AMOUNT), lambda cell: _yen(row, cell)) if row.name(AMOUNT) else None
    if member is None or number is None or day is None or amount is None:
        return None
    source = row.table.source(row.cell(AMOUNT))
    return Payment(code=member.code, number=number, day=day, yen=amount, source=source)


def _term(row: Row) -> int | None:
    """期 of a row: its own column, or the 整理番号 of a bill of one 期; both must agree."""
    named = serial_term(row.text(SERIAL)) if SERIAL in row.table.columns else None
    if named is None:
        return row.take(row.cell(TERM), term) if row.name(TERM) else None
    written = row.take(row.cell(TERM), term) if row.text(TERM) else named
    if written in (named, None):
        return written
    row.table.report(row.cell(TERM), _two_terms(written, named))
    return None


def _two_terms(written: int, named: int) -> Fault:
    return Fault(
        "W912",
        f"期の列は第{written}期、整理番号は第{named}期です。",
        "どの期の請求に納めたのかが決まりません。",
        "正しいほうに直してください。",
    )


def _yen(row: Row, cell: Cell) -> Yen | Fault:
    """Amount with or without the signs of yen; without a unit in the heading it is in 円, as banks write."""
    found = measure(row.table.columns[AMOUNT])
    text = _MONEY_SIGNS.sub("", fold(cell.text).replace(" ", ""))
    return yen(cell._replace(text=text), found.unit if found and found.unit in MONEY else "円")


def _missing(grid: Grid) -> Iterator[str]:
    """Columns that the most promising row lacks."""
    rows = [grid.headings, *grid.rows][:_DEEPEST]
    best = max((_columns(row) for row in rows), key=len)
    yield from _lacking(best)


def _lacking(columns: Mapping[str, Cell]) -> Iterator[str]:
    """Columns that are needed and not there; a 整理番号 may say the 期."""
    if not any(name in columns for name in _WHO):
        yield CODE
    needed = (name for name in _NEEDED if name != TERM or SERIAL not in columns)
    yield from (name for name in needed if name not in columns)


def _headless(grid: Grid) -> Fault:
    missing = list(_missing(grid))
    names = "、".join(HEADINGS[missing[0]])
    return Fault(
        "W840",
        f"納入の表の「{'」「'.join(missing)}」の見出しが見つかりません。",
        f"上から{_DEEPEST}行までに、団体（コード、名前、整理番号のどれか）、期、納入日、"
        "納入額の見出しのある行を探しました。",
        f"見出しを直してください。「{missing[0]}」の列に使える見出し: {names}",
    )
