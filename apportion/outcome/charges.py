"""The files of `data/`: exact CSV for other programs (UTF-8 with BOM, CRLF)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from apportion.allocate.case import Charge
from apportion.core.problem import OutputError
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.rules.book import RuleBook

CHARGES = (
    "年度",
    "団体コード",
    "団体名",
    "団体区分",
    "事業区分",
    "事業",
    "経費",
    "対象額_円",
    "正確額_円",
    "負担金額_円",
    "端数加算_円",
    "規則",
)
ACCOUNT = "会計"
"""Last heading of data that name 会計: those of a year whose bills are divided."""


_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # some take wide signs as well


class ChargeRow(NamedTuple):
    """One row of data/charges.csv, in the order of its headings; amounts in 円, `exact` uncut."""

    year: str
    code: str
    name: str
    kind: str
    category: str
    project: str
    line: str
    base: int
    exact: Fraction
    yen: int
    added: int
    rule: str


def charge_rows(year: FiscalYear, charges: Iterable[Charge]) -> Iterator[ChargeRow]:
    """One row per member and 経費, in budget order and then code order; 0円 included."""
    return (charge_row(year.code, charge) for charge in charges)


def charge_row(year: str, charge: Charge) -> ChargeRow:
    """Row of one charge."""
    member, line, result = charge.member, charge.line, charge.result
    return ChargeRow(
        year=year,
        code=member.code,
        name=member.name,
        kind=member.kind,
        category=line.category,
        project=line.project,
        line=line.name,
        base=result.base,
        exact=charge.exact,
        yen=charge.yen,
        added=charge.added,
        rule=result.case.expense.source.short(),
    )


def charges_csv(year: FiscalYear, charges: Iterable[Charge], book: RuleBook | None = None) -> bytes:
    """data/charges.csv; with 会計 where the bills of `book` are divided by it."""
    if book is None or not book.accounts:
        return to_csv(CHARGES, charge_rows(year, charges))
    rows = (
        (*charge_row(year.code, charge), book.account(charge.result.case.file))
        for charge in charges
    )
    return to_csv((*CHARGES, ACCOUNT), rows)


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[str | int | Fraction]]) -> bytes:
    """Bytes of a CSV file.

    Text that a spreadsheet would take for a formula gets a leading `'`, also where it has one
    already: who reads the file as data takes one `'` away before those signs, and has the name.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def rows_of(data: bytes) -> list[dict[str, str]]:
    """Rows of a CSV of the program's own by heading; ValueError where one is too short or too long."""
    try:
        heads, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    except csv.Error as error:
        raise ValueError(*error.args) from error
    return [dict(zip(heads, row, strict=True)) for row in rows]


def accounts_of(data: bytes) -> dict[str, str]:
    """会計 of each folded 事業 of a CSV of ours; nothing where bills are not divided."""
    rows = rows_of(data)
    return {name_key(row["事業"]): row[ACCOUNT] for row in rows if ACCOUNT in row}


def read_charges(data: bytes) -> tuple[ChargeRow, ...]:
    """Rows of a data/charges.csv; `OutputError` where it is not what `charges_csv` writes."""
    try:
        records = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise OutputError(_unreadable("文字コードか引用符が壊れています")) from error
    if not records or tuple(records[0]) not in (CHARGES, (*CHARGES, ACCOUNT)):
        raise OutputError(_unreadable(f"1行目の見出しが「{','.join(CHARGES)}」ではありません"))
    width = len(records[0])
    return tuple(_row(number, cells, width) for number, cells in enumerate(records[1:], start=2))


def _row(number: int, cells: Sequence[str], width: int) -> ChargeRow:
    try:
        named = [unquoted(cell) for _, cell in zip(range(width), cells, strict=True)]
        year, code, name, kind, category, project, line, base, exact, yen, added, rule = named[
            : len(CHARGES)
        ]
        return ChargeRow(
            year=year,
            code=code,
            name=name,
            kind=kind,
            category=category,
            project=project,
            line=line,
            base=int(base),
            exact=Fraction(exact),
            yen=int(yen),
            added=int(added),
            rule=rule,
        )
    except (ValueError, ZeroDivisionError) as error:
        raise OutputError(_unreadable(f"{number}行目の列の数か、金額が正しくありません")) from error


def _cell(value: str | int | Fraction) -> str:
    text = str(value)
    return f"'{text}" if isinstance(value, str) and _like_a_formula(text) else text


def unquoted(text: str) -> str:
    """A text of a CSV file of ours as it was before `to_csv` quoted it."""
    return text[1:] if text[:1] == "'" and _like_a_formula(text) else text


def _like_a_formula(text: str) -> bool:
    return text.lstrip("'").startswith(_FORMULA_SIGNS)


def _unreadable(reason: str) -> str:
    return (
        f"data/charges.csv を読めません。{reason}。"
        "書き出したあとに変えられたようです。もう一度 apportion run を実行してください。"
    )
