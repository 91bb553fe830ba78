"""Totals that a table prints are added up again, where the rows they total are all there."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate

from apportion.core.dataclass import dataclass
from apportion.core.model import PREFECTURES
from apportion.core.problem import Fault, Problem, tell
from apportion.core.text import name_key
from apportion.imports.bodies import Fit
from apportion.imports.heading import SourceColumn, is_number
from apportion.imports.source import Given, SourceLine
from apportion.tables.cells import fraction, plain
from apportion.tables.grid import Cell

_NO_SUM = ("率", "指数", "密度", "平均", "割合", "当たり", "あたり", "比", "%", "‰", "/", "km2")
_WARD = "区"
_KINDS = {
    "市町村": (),
    "町村": ("町", "村"),
    "市": ("市",),
    "町": ("町",),
    "村": ("村",),
    "区": ("区",),
}
"""Names of the bodies that a 市計 or 町村計 totals, where they take turns below it."""
_WIDER = ("全国", "全国計", "全国平均")
"""Rows that total more than a table of one prefecture shows."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row with a number in the column: of totals, of a prefecture (which may be one), of a body."""

    cell: Cell
    value: Fraction
    total: bool
    whole: bool
    name: str


def check(given: Given, column: SourceColumn, unit: str) -> Iterator[Problem]:
    """Problems of totals that differ from the sum of their rows; a line of those not checked."""
    entries, gaps = _entries(given, column)
    totals = [place for place, entry in enumerate(entries) if entry.total]
    if not totals:
        given.told.append(f"「{column.both}」には合計の行がないので、足し算では確かめていません。")
        return
    if any(word in f"{column.joined}{unit}" for word in _NO_SUM):
        given.told.append(
            f"「{column.both}」の合計の行は、足し算の合計ではないので確かめていません。"
        )
        return
    unsure = []
    for place in totals:
        sums = {*_sums(entries, place, wholes=True), *_sums(entries, place, wholes=False)}
        if entries[place].value in sums:
            continue
        if gaps or not sums or entries[place].name in _WIDER:
            unsure.append(entries[place].cell.place)
        else:
            yield _differs(given, column, entries[place], sums)
    checked = len(totals) - len(unsure)
    if checked:
        given.told.append(f"「{column.both}」の合計の行（{checked}）を足し直しました。")
    if unsure:
        places = "、".join(unsure)
        given.told.append(
            f"「{column.both}」の合計（{places}）は、足す行が揃わないので確かめていません。"
        )


def _differs(given: Given, column: SourceColumn, entry: _Entry, sums: set[Fraction]) -> Problem:
    nearest = min(sums, key=lambda value: (abs(value - entry.value), value))
    return tell(
        "W846",
        given.grid.source(entry.cell),
        name=column.joined,
        printed=plain(entry.value),
        sum=plain(nearest),
        gap=plain(abs(nearest - entry.value)),
    )


def _name(line: SourceLine) -> str:
    return name_key(
        line.total or (line.match.member.name if line.match.member else line.written.name)
    )


def _text(line: SourceLine, column: SourceColumn) -> str:
    """What stands in the column; a dash there is a blank."""
    text = column.text(line.row)
    return "" if text in "-ー―－…" else text


def _number(line: SourceLine, column: SourceColumn) -> Cell | None:
    cell = column.cell(line.row)
    return cell if cell and is_number(cell.text) else None


def _entries(given: Given, column: SourceColumn) -> tuple[list[_Entry], bool]:
    """Rows with a number, wards of a city left out; whether a row of a body has none."""
    found, gaps = [], False
    names = {name_key(member.name) for member in given.members.values()}
    for line in given.lines:
        cell = _number(line, column)
        value = fraction(cell, "") if cell else None
        if cell is None or value is None or isinstance(value, Fault):
            gaps = gaps or bool(_text(line, column) and not given.band.repeated(line.row))
        elif _counts(given, line) and not _ward(line, names):
            found.append(_Entry(cell, value, bool(line.total), _whole(line), _name(line)))
    return found, gaps


def _counts(given: Given, line: SourceLine) -> bool:
    """Whether a row is no part of a body and no second one of it."""
    member = line.match.member
    again = member is not None and given.rows.get(member.code) is not line.row
    return not again and line.match.fit is not Fit.AREA


def _whole(line: SourceLine) -> bool:
    """Whether a row is that of a prefecture: it totals the others."""
    member = line.match.member
    return member.kind in PREFECTURES if member else line.match.code[2:5] == "000"


def _ward(line: SourceLine, names: set[str]) -> bool:
    key = name_key(line.written.name)
    city = key.partition("市")[0] + "市"
    return key.endswith(_WARD) and city != key and (city in names or line.match.code[2:3] == "1")


def _sums(entries: Sequence[_Entry], place: int, *, wholes: bool) -> Iterator[Fraction]:
    """What a total may be the sum of: bodies above or below it, up to any row; totals; all bodies.

    `wholes` tells whether the row of a prefecture is a total too.
    """
    totals = [entry.total or (wholes and entry.whole) for entry in entries]
    marked = [(entry.value, total) for entry, total in zip(entries, totals, strict=True)]
    bodies = [value for value, total in marked if not total]
    if bodies:
        yield sum(bodies, Fraction(0))
    kinds = next((ends for word, ends in _KINDS.items() if word in entries[place].name), ())
    alike = [e.value for e in entries if kinds and not e.total and e.name.endswith(kinds)]
    if alike:
        yield sum(alike, Fraction(0))
    for side in (marked[:place][::-1], marked[place + 1 :]):
        yield from accumulate(value for value, total in side if total)
        ends = [number for number, (_, total) in enumerate(side) if total]
        for end in (*ends, len(side)):
            block = [value for value, total in side[:end] if not total]
            if block:
                yield sum(block, Fraction(0))
