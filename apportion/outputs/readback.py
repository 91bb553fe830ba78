"""Reading a letter back (an invoice or a 精算書): its amounts, each with the cell that holds it.

What was written is not remembered here: the total is found by its name, sheets, headings and rows
by their words.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from apportion.core.text import name_key
from apportion.forms.slots import TOTAL, YEARLY
from apportion.workbook.sheets.grid import Grids, NamedCell, YenCell, cell, grids, spots, table

FORM, DETAIL, OUTLINE, SETTLED = "通知", "内訳", "計算のあらまし", "精算明細"
_PROJECT, _LINE, _YEN, _NUMBER = "事業", "経費", "負担金額\n（円）", "番号"
_CODE = "団体コード"
_NAME, _AMOUNT, _CHARGE = "経費・基準", "額\n（円）", "負担金額"
_RELIEF, _LABELLED = "調整額", "（値）"
_ABSENT = "－ 不参加"

PARTS = ("請求済額", "精算額", "差額")
"""The three amounts of 精算."""
_HEADS = {part: f"{part}\n（円）" for part in PARTS}

Key = tuple[str, str]
"""Folded (事業, 経費)."""


class Invoice(NamedTuple):
    """Amounts of one invoice: on the form (framed, and of the year), on 内訳 and on 計算のあらまし.

    Lines that the member takes no part in (－ 不参加) are in neither.
    """

    amount: YenCell
    yearly: YenCell | None
    lines: Mapping[Key, YenCell]
    outline: Mapping[Key, YenCell]


def read(path: Path) -> Invoice:
    """Read the cached values. Raises `OutputError` where a sheet or a heading is missing."""
    named = spots(path)
    place, year = named.get(TOTAL), named.get(YEARLY)
    found = grids(path, (place.sheet if place else FORM, DETAIL, OUTLINE))
    return Invoice(
        amount=_amount(found, place),
        yearly=_amount(found, year) if year else None,
        lines=dict(_lines(found, path)),
        outline=dict(_outline(found, path)),
    )


def amount(path: Path) -> YenCell:
    """The total on the form alone."""
    place = spots(path).get(TOTAL)
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


def _lines(found: Grids, path: Path) -> Iterator[tuple[Key, YenCell]]:
    """Rows of 内訳 that are neither a sum (without 経費) nor 不参加."""
    part = table(found, DETAIL, (_PROJECT, _LINE, _YEN), path)
    for row in part.rows:
        line = part.text(row, _LINE)
        if line and part.text(row, _YEN) != _ABSENT:
            yield (name_key(part.text(row, _PROJECT)), name_key(line)), part.cell(row, _YEN)


def _outline(found: Grids, path: Path) -> Iterator[tuple[Key, YenCell]]:
    """Rows 負担金額 of 計算のあらまし, each below the numbered row with the name of its 経費.

    A row that begins with text names the 事業 of those below.
    """
    part = table(found, OUTLINE, (_NUMBER, _NAME, _AMOUNT), path)
    number, name = part.column(_NUMBER), part.column(_NAME)
    project = line = ""
    for row in part.rows:
        first, label = part.grid[row][number], str(part.grid[row][name])
        if isinstance(first, float):
            line = label
        elif first:
            project = str(first)
        elif label.removesuffix(_LABELLED) in (_CHARGE, _RELIEF) and line:
            yield (name_key(project), name_key(line)), part.cell(row, _AMOUNT)
            line = ""
