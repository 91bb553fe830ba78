"""The files of `data/`: exact CSV for other programs (UTF-8 with BOM, CRLF)."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from apportion.allocate.case import Charge, LineResult
from apportion.allocate.instalments import Instalment
from apportion.outcome import Outcome
from apportion.problem import OutputError
from apportion.rulebook import RestOrder
from apportion.text import name_key

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
INVOICES = ("年度", "団体コード", "団体名", "期", "納期限", "請求額_円", "ファイル")
RECONCILIATION = ("式", "左辺_円", "右辺_円", "差_円")

CHANGES = ("年度", "団体コード", "団体名", "事業", "変更前_円", "変更後_円", "増減_円")
ROTATION = ("事業", "経費", "次の番（団体コード）")

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


def all_files(outcome: Outcome, files: Mapping[Instalment, str]) -> dict[str, bytes]:
    """The files of `data/` by name; `files` gives the workbook that asks for each instalment."""
    found = {
        "charges.csv": charges_csv(outcome),
        "invoices.csv": invoices_csv(outcome, files),
        "reconciliation.csv": reconciliation_csv(outcome),
        "rotation.csv": rotation_csv(outcome),
        "changes.csv": changes_csv(outcome),
    }
    return {name: data for name, data in found.items() if data is not None}


def charge_rows(outcome: Outcome) -> Iterator[ChargeRow]:
    """One row per member and 経費, in budget order and then code order; 0円 included."""
    return (charge_row(outcome.year.code, charge) for charge in outcome.charges)


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


def charges_csv(outcome: Outcome) -> bytes:
    """data/charges.csv."""
    return to_csv(CHARGES, charge_rows(outcome))


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


def read_charges(data: bytes) -> tuple[ChargeRow, ...]:
    """Rows of a data/charges.csv; `OutputError` where it is not what `charges_csv` writes."""
    try:
        records = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise OutputError(_unreadable("文字コードか引用符が壊れています")) from error
    if not records or tuple(records[0]) != CHARGES:
        raise OutputError(_unreadable(f"1行目の見出しが「{','.join(CHARGES)}」ではありません"))
    return tuple(_row(number, cells) for number, cells in enumerate(records[1:], start=2))


def read_billed(data: bytes) -> dict[str, int]:
    """Yen that each invoice workbook of a data/invoices.csv asks for, its instalments added up."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    billed: dict[str, int] = {}
    for row in rows:
        billed[row["ファイル"]] = billed.get(row["ファイル"], 0) + int(row["請求額_円"])
    return billed


def _row(number: int, cells: Sequence[str]) -> ChargeRow:
    try:
        year, code, name, kind, category, project, line, base, exact, yen, added, rule = map(
            unquoted, cells
        )
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
