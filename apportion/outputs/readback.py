"""Reading a letter back (an invoice or a 精算書): its amounts, each with the cell that holds it.

What was written is not remembered here: the total is found by its name, sheets, headings and rows
by their words.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from apportion.core.text import name_key
from apportion.forms.slots import TOTAL
from apportion.workbook.sheets.grid import Grids, NamedCell, YenCell, cell, grids, spot, table

FORM, DETAIL, BASIS, SETTLED = "通知", "内訳", "計算根拠", "精算明細"
_PROJECT, _LINE, _YEN, _NUMBER = "事業", "経費", "負担金額\n（円）", "番号"
_CODE = "団体コード"
_TOLD = "通知した額\n（値・円）"
_ABSENT = "－ 不参加"

PARTS = ("請求済額", "精算額", "差額")
"""The three amounts of 精算."""
_HEADS = {part: f"{part}\n（円）" for part in PARTS}

Key = tuple[str, str]
"""Folded (事業, 経費)."""


class Invoice(NamedTuple):
    """Amounts of one invoice: on the form, on 内訳 (live, and as `told`) and on 計算根拠.

    Lines that the member takes no part in (－ 不参加) are in neither.
    """

    amount: YenCell
    lines: Mapping[Key, YenCell]
    told: Mapping[Key, YenCell]
    basis: Mapping[Key, YenCell]


def read(path: Path) -> Invoice:
    """Read the cached values. Raises `OutputError` where a sheet or a heading is missing."""
    place = spot(path, TOTAL)
    found = grids(path, (place.sheet if place else FORM, DETAIL, BASIS))
    return Invoice(
        amount=_amount(found, place),
        lines=dict(_lines(found, path, _YEN)),
        told=dict(_lines(found, path, _TOLD)),
        basis=dict(_basis(found, path)),
    )


def amount(path: Path) -> YenCell:
    """The total on the form alone."""
    place = spot(path, TOTAL)
    return _amount(grids(path, (place.sheet,)) if place else {}, place)


def settled(path: Path) -> Mapping[tuple[str, str, str], YenCell]:
    """精算明細 of a 精算書, by folded 事業 and 経費 and by the `PARTS`."""
    detail = table(grids(path, (SETTLED,)), SETTLED, (_PROJECT, _LINE, *_HEADS.values()), path)
    return {
        (name_key(detail.text(row, _PROJECT)), name_key(line), part): detail.cell(row, head)
        for row in detail.rows
        if (line := detail.text(row, _LINE)) and detail.text(row, _HEADS["精算額"]) != _ABSENT
        for part, head in _HEADS.items()
    }


def collected(path: Path) -> Mapping[tuple[str, str, str], YenCell]:
    """内訳 of the 精算書 to a 代表, by 団体コード, folded 事業 and the `PARTS`."""
    detail = table(grids(path, (DETAIL,)), DETAIL, (_CODE, _PROJECT, *_HEADS.values()), path)
    return {
        (detail.text(row, _CODE), name_key(detail.text(row, _PROJECT)), part): detail.cell(
            row, head
        )
        for row in detail.rows
        for part, head in _HEADS.items()
    }


def _amount(found: Grids, place: NamedCell | None) -> YenCell:
    """The number in the cell that bears the name of the total, on whichever form."""
    grid = found.get(place.sheet) if place else None
    if place is None or grid is None:
        return YenCell(None, FORM)
    if place.row >= len(grid) or place.column >= len(grid[place.row]):
        return YenCell(None, place.sheet)
    return cell(place.sheet, grid, place.row, place.column)


def _lines(found: Grids, path: Path, heading: str) -> Iterator[tuple[Key, YenCell]]:
    """Rows of 内訳 that are neither a sum (without 経費) nor 不参加."""
    part = table(found, DETAIL, (_PROJECT, _LINE, heading), path)
    for row in part.rows:
        line = part.text(row, _LINE)
        if line and part.text(row, heading) != _ABSENT:
            yield (name_key(part.text(row, _PROJECT)), name_key(line)), part.cell(row, heading)


def _basis(found: Grids, path: Path) -> Iterator[tuple[Key, YenCell]]:
    """Numbered rows of 計算根拠, each with its amount in the row below it.

    A row that begins with text names the 事業 of those below.
    """
    part, below = table(found, BASIS, (_NUMBER, _LINE), path), table(found, BASIS, (_YEN,), path)
    project = ""
    for row in part.rows:
        first = part.grid[row][part.column(_NUMBER)]
        if isinstance(first, float):
            if below.text(row + 1, _YEN) == _ABSENT:
                continue
            yield (name_key(project), name_key(part.text(row, _LINE))), below.cell(row + 1, _YEN)
        elif first:
            project = str(first)
