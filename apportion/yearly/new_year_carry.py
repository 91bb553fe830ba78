"""What one year hands to the next: its charges, whose turn it is, reserves and adjustments."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from apportion import datafiles
from apportion.check_adjustment import ADJUSTMENT, line_of
from apportion.computation import compute
from apportion.problem import OutputError
from apportion.tables.cells import digits
from apportion.tables.directory import CODE
from apportion.tables.previous import FORM as PREVIOUS
from apportion.tables.table import Table
from apportion.text import UNDECIDED, name_key
from apportion.year import FiscalYear
from apportion.yearly import sealed
from apportion.yearly.edit import Added, Changes, Value
from apportion.yearly.new_year_await import Awaited, awaited

SETTLED = "精算"

Adjustments = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Files for the folder of members by name, what the 精算 leaves to bodies, and their origin.

    `adjustments` are yen by 団体コード for each name of a column: 前年度精算額, or one for each 事業.
    `later` is what to do after the 精算, where it is not done yet.
    """

    files: Mapping[str, bytes]
    adjustments: Adjustments
    told: tuple[str, ...]
    later: tuple[str, ...]


def carried(root: Path, old: FiscalYear, new: FiscalYear) -> Carried:
    """From the last sealed issue of the year, else from a computation; reserves from its 精算, or its budget.

    Raises `InputError` where nothing is sealed and the year cannot be computed.
    """
    files, told = _charged(root, old)
    settled = root / "outputs" / f"{old.code}-{SETTLED}" / "data"
    awaiting = Awaited() if settled.is_dir() else awaited(root, old, new)
    reserve = settled / "reserve.csv"
    if reserve.is_file():
        files["reserve.csv"] = reserve.read_bytes()
        told.append(f"積立金の残高: {old.label}の精算から")
    elif awaiting.reserve:
        files["reserve.csv"] = awaiting.reserve
        told.append(
            f"積立金の残高: {old.label}の前年度末残高 ＋ 予算の積立金 − 予算の取崩（見込み）"
        )
    adjustment = settled / "adjustment.csv"
    return Carried(
        files=files,
        adjustments=_amounts(adjustment) if adjustment.is_file() else {},
        told=tuple(told),
        later=awaiting.later,
    )


def _charged(root: Path, old: FiscalYear) -> tuple[dict[str, bytes], list[str]]:
    issues = tuple(sealed.every(root, old))
    if issues:
        rows = ((r.code, r.name, r.project, r.line, r.yen) for r in issues[-1].charges())
        turns = issues[-1].outputs / "data" / "rotation.csv"
        rotation = turns.read_bytes() if turns.is_file() else None
        origin = f"確定した{issues[-1].label}から"
    else:
        outcome = compute(root, old)
        rows = (
            (c.member.code, c.member.name, c.line.project, c.line.name, c.yen)
            for c in outcome.charges
        )
        rotation = datafiles.rotation_csv(outcome)
        origin = f"{old.label}の計算から（確定した回はありません）"
    files = {"previous.csv": _csv(rows)} | ({"rotation.csv": rotation} if rotation else {})
    turn = ["輪番: 次の番を写しました"] if rotation else []
    return files, [f"前年度の負担金: {origin}", *turn]


def _csv(rows: Iterable[tuple[str, str, str, str, int]]) -> bytes:
    """An input table: names stand in it as they stand in the other inputs."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(PREVIOUS.headings.split(","))
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _amounts(path: Path) -> Adjustments:
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    names = [name for name in (rows[0] if rows else {}) if name.startswith(ADJUSTMENT)]
    try:
        return {
            name.removesuffix("（円）"): {row[CODE]: int(row[name]) for row in rows}
            for name in names
        }
    except (KeyError, ValueError, TypeError) as error:
        message = f"{path} を読めません。apportion settle をもう一度実行してください。"
        raise OutputError(message) from error


def next_figures(
    table: Table, adjustments: Adjustments, old: FiscalYear
) -> tuple[Changes, tuple[str, ...]]:
    """Changes of the figures: what the 精算 leaves to each body, in yen; nothing else changes.

    A column that is new, or that still holds what the year before left, is marked 【要確認】.
    """
    table.need(CODE)
    row = table.grid.headings[0].row
    present = {
        name_key(found.name): found.heading
        for found in table.measures()
        if name_key(found.name).startswith(ADJUSTMENT)
    }
    new = {name_key(name): (name, amounts) for name, amounts in adjustments.items()}
    cells: dict[tuple[int, int], Value] = {
        (row, heading.column): f"{heading.text} {UNDECIDED}"
        for key, heading in present.items()
        if key not in new
    }
    added = []
    for key, (name, amounts) in new.items():
        heading, values = f"{name}（円、{old.label}決算）", _by_row(table, amounts)
        if key in present:
            column = present[key].column
            cells |= {(row, column): heading, **{(n, column): v for n, v in values.items()}}
        else:
            added.append(Added(heading=f"{heading} {UNDECIDED}", values=values))
    return Changes(heading=row, cells=cells, columns=added), tuple(
        f"基礎数値「{name}」: {old.label}の精算の額。規則の「{line_of(name)}」で使います"
        for name, _ in new.values()
    )


def _by_row(table: Table, amounts: Mapping[str, int]) -> dict[int, Value]:
    """Yen for each row of the table; 0 for whom nothing is left."""
    return {row.cells[0].row: str(amounts.get(digits(row.text(CODE)), 0)) for row in table.rows()}
