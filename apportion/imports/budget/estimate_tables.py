"""Tables of 歳入 and 歳出: where each begins, what its columns are, and its rows with their level."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from apportion.core.dataclass import dataclass
from apportion.core.problem import Source
from apportion.core.text import fold
from apportion.core.year import FiscalYear
from apportion.imports.budget.accounts import AccountRow
from apportion.imports.budget.document import DocumentCell, DocumentLine
from apportion.imports.budget.headings import DocumentPart, column_of, unit_row
from apportion.imports.budget.words import (
    UNITS,
    AmountColumn,
    Figure,
    figure,
    harmless,
    is_figure,
    is_numbering,
    spelled,
    squeezed,
    unit_in,
)

_SECTION = re.compile(
    r"[\W〇]*+(?:[0-9]{1,2}|I{1,3})?\W*+(?P<part>歳入|歳出|収入|支出)(?:の部|予算額?|の?内訳)?\W*+"
)
_UNIT_WORDS = re.compile(r"\(?単位:?\w*円\)?")
_HEAD_UNIT = re.compile(rf"\(({UNITS})\)")
_NAMES = {
    *(
        "款",
        "項",
        "目",
        "款項",
        "款項目",
        "款・項",
        "款・項・目",
        "科目",
        "予算科目",
        "会計科目",
        "勘定科目",
    ),
    *("費目", "区分", "項目", "名称", "経費", "事業", "事業名", "事業項目"),
    *(f"{size}{kind}" for size in "大中小" for kind in ("科目", "項目")),
}
_OTHER_NUMBERS = re.compile(r".*(?:率|比|割合|決算額?|決算見込額?|実績|執行額)(?:[A-Z]|\([A-Z]\))?")
_NUMBERED = re.compile(
    r"(?:第?[0-9]{1,3}(?:款|項|目)|\([0-9]{1,2}\)|[0-9]{1,2}\)|[0-9]{1,3}[ .、．:]|[\u2460-\u2473]) *(?=\D)"
)
_LETTER = re.compile(r"\(?[A-Z]\)?$|\([A-Z]-[A-Z]\)$")
_WORDS = re.compile(
    r"(?P<name>\S.*?)(?<!\s)\s++"
    r"(?P<figures>(?:[-△▲]? ?[0-9][0-9,.]*%?|[-ー―─])(?:\s++(?:[-△▲]? ?[0-9][0-9,.]*%?|[-ー―─]))*)"
    r"(?:\s++(?P<remark>[^\s0-9△▲-].*))?"
)
_FIGURE = re.compile(r"[-△▲]? ?[0-9][0-9,.]*%?|[-ー―─]")
_PIECE = re.compile(r"\(款\)|[0-9]{1,2}款.+[0-9]{1,2}項")
_SUPPLEMENTARY = re.compile(r"補正前(?:の額|予算額)?|既定(?:予算)?額|補正(?:予算)?額")
_TOTAL = re.compile(r"小計|(?:歳入|歳出|収入|支出|予算)?(?:総合計|合計|総計|計|総額)(?:額)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateLayout:
    """Columns by place: names, amounts, other numbers (rates, former results); the rest is words."""

    names: tuple[int, ...]
    columns: Mapping[int, AmountColumn]
    others: frozenset[int]
    unit: str | None
    unused: tuple[str, ...]
    twice: bool = False

    @property
    def numbers(self) -> tuple[int, ...]:
        """Places of all numbers, from left to right."""
        return tuple(sorted((*self.columns, *self.others)))


@dataclass(slots=True, kw_only=True)
class EstimateTable:
    """One table; `unread` are the places of figures that are in no row of it."""

    part: DocumentPart
    begun: DocumentLine
    unit: str | None
    layout: EstimateLayout | None = None
    rows: list[AccountRow] = field(default_factory=list)
    unread: list[Source] = field(default_factory=list)
    years: set[FiscalYear] = field(default_factory=set)
    supplementary: bool = False
    unitless: bool = False
    in_pieces: bool = False

    @property
    def levelled(self) -> bool:
        """Whether columns of their own say what stands below what."""
        return self.layout is not None and len({row.column for row in self.rows}) > 1

    @property
    def closed(self) -> bool:
        """Whether its 合計 has been read."""
        return bool(self.rows) and is_total(self.rows[-1].name)


def is_total(name: str) -> bool:
    """Whether a row of this name adds up others."""
    return _TOTAL.fullmatch(squeezed(name)) is not None


def section_in(line: DocumentLine) -> DocumentPart | None:
    """Which part begins with this line."""
    match = _SECTION.fullmatch(_UNIT_WORDS.sub("", squeezed(line.text)))
    if match is None:
        return None
    return DocumentPart.INCOME if match["part"] in {"歳入", "収入"} else DocumentPart.SPENDING


def one_below_another(lines: Sequence[DocumentLine]) -> tuple[DocumentLine, ...]:
    """The lines with 歳出 below 歳入 where the two are printed beside each other."""
    for number, line in enumerate(lines):
        if place := _beside(line):
            after = lines[number:]
            left = (_part(each, 0, place) for each in after)
            return (*lines[:number], *left, *(_part(each, place, None) for each in after))
    return tuple(lines)


def _beside(line: DocumentLine) -> int:
    """Place of the cell with which the second of two parts begins in one row; 0: none does."""
    found = [
        (place, match["part"])
        for place, cell in enumerate(line.cells)
        if (match := _SECTION.fullmatch(squeezed(cell.text)))
    ]
    return found[1][0] if len({part for _, part in found}) > 1 else 0


def _part(line: DocumentLine, start: int, end: int | None) -> DocumentLine:
    return replace(line, cells=line.cells[start:end] if line.is_row else line.cells[: end and 1])


def tables(lines: Sequence[DocumentLine], year: FiscalYear) -> tuple[EstimateTable, ...]:
    """Every table below a heading 歳入 or 歳出, with its rows."""
    found: list[EstimateTable] = []
    here: EstimateTable | None = None
    unit: str | None = None
    for line in lines:
        unit = unit_in(line.text) or unit
        part = section_in(line)
        if part and not (here and here.part is part and not here.rows):
            here = EstimateTable(part=part, begun=line, unit=unit)
            found.append(here)
        elif here and not part and not _read(line, here, year, unit):
            here = None
    return tuple(table for table in found if table.layout or table.supplementary)


def loose_tables(lines: Sequence[DocumentLine], year: FiscalYear) -> Iterator[DocumentLine]:
    """First lines of tables with amounts that stand below neither heading: they are not read."""
    inside, closed = False, False
    for line in lines:
        if section_in(line):
            inside, closed = True, False
        elif layout_of(line, year) and (closed or not inside):
            yield line
            inside = False
        elif inside and (cells := cells_of(line)) and is_total(cells[0].text):
            closed = True


def _read(line: DocumentLine, table: EstimateTable, year: FiscalYear, unit: str | None) -> bool:
    """Read one line of a table; whether the table goes on after it."""
    if any(_SUPPLEMENTARY.match(squeezed(cell)) for cell in _heading_cells(line)):
        table.supplementary = True
    if _PIECE.match(squeezed(line.text)):
        table.in_pieces = True
    layout = layout_of(line, year)
    if table.closed and (layout or not _figures(line)):
        return not line.text  # another table, or words, after the 合計
    if layout:
        again = table.layout is not None and not table.rows  # 節 and 金額 in a second row
        table.layout = replace(layout, twice=True) if again else layout
        table.unit = layout.unit or unit
        table.years |= {
            other for cell in _heading_cells(line) if (other := column_of(cell, year)[1])
        }
    elif own := unit_row(line):
        table.unit = own
    elif table.layout:
        _row(line, table, table.layout)
    elif _figures(line):
        table.unread.append(line.whole)
    return True


def layout_of(line: DocumentLine, year: FiscalYear) -> EstimateLayout | None:
    """Columns that a row of headings names, or None where it is none."""
    cells = _heading_cells(line)
    texts = [_LETTER.sub("", _HEAD_UNIT.sub("", squeezed(cell))) for cell in cells]
    if any(is_figure(text) for text in texts if text not in "-ー―─"):
        return None
    named = {
        place: column for place, cell in enumerate(cells) if (column := column_of(cell, year)[0])
    }
    if AmountColumn.NOW not in named.values():
        return None
    first = min(named)
    names = tuple(
        place for place in range(first) if texts[place] in _NAMES or (not texts[place] and place)
    )
    if not any(texts[place] for place in names):
        return None
    units = {match[1] for cell in cells if (match := _HEAD_UNIT.search(squeezed(cell)))}
    others = [
        place
        for place, text in enumerate(texts)
        if place not in named and _OTHER_NUMBERS.fullmatch(text)
    ]
    return EstimateLayout(
        names=names,
        columns=named,
        others=frozenset(others),
        unit=units.pop() if len(units) == 1 else None,
        unused=tuple(cells[place] for place in others),
        twice=len(set(named.values())) < len(named),
    )


def _heading_cells(line: DocumentLine) -> list[str]:
    """Cells of a possible heading; a line of text is cut at its gaps, 「金 額」 stays whole."""
    if line.is_row:
        return [cell.text for cell in line.cells]
    words = fold(line.text).strip()
    found = re.split(r" {2,}", words) if "  " in words else words.split(" ")
    joined = "".join(found)
    if re.fullmatch(r"(?:款)?(?:項)?(?:目)?金額(?:\(千?円\))?", joined):
        return [*(level for level in "款項目" if level in joined), joined[joined.index("金額") :]]
    return found


def _figures(line: DocumentLine) -> bool:
    return any(re.search(r"[0-9]", fold(cell.text)) for cell in cells_of(line)[1:])


def cells_of(line: DocumentLine, layout: EstimateLayout | None = None) -> list[DocumentCell]:
    """Cells of a row; words of a line are cut into its name, its figures and what follows."""
    if line.is_row:
        return list(line.cells)
    match = _WORDS.fullmatch(fold(line.raw).strip())
    if match is None:
        return list(line.cells)
    offset = len(line.raw) - len(line.raw.lstrip())
    name = DocumentCell(line.raw.strip()[: match.end("name")], offset)
    figures = [
        DocumentCell(each[0], offset + match.start("figures") + each.start())
        for each in _FIGURE.finditer(match["figures"])
    ]
    remark = (
        [DocumentCell(match["remark"], offset + match.start("remark"))] if match["remark"] else []
    )
    if layout is None or len(figures) != len(layout.numbers):
        return [name, *figures, *remark]
    width = max(*layout.names, *layout.numbers) + 1
    cells = [DocumentCell("", 0)] * width
    cells[layout.names[0]] = name
    for place, cell in zip(layout.numbers, figures, strict=True):
        cells[place] = cell
    return [*cells, *remark]


def _row(line: DocumentLine, table: EstimateTable, layout: EstimateLayout) -> None:
    """Rows of one line: names that stand left of the innermost begin a group of their own."""
    cells = cells_of(line, layout)
    cells += [DocumentCell("", 0)] * (max(layout.numbers) + 1 - len(cells))
    own = dict(_own(line, cells, table, layout))
    wrong = [
        place for place, column in layout.columns.items() if column not in own and cells[place].text
    ]
    stray = [
        place
        for place, cell in enumerate(cells)
        if place < max(layout.columns)
        and place not in layout.numbers
        and _amount(cell.text, place, layout)
    ]
    names = _named(cells, layout)
    if not names and not own and not wrong:
        return
    if wrong or stray or not names or (own and AmountColumn.NOW not in own):
        if wrong or stray or own:
            table.unread.append(line.at(cells[wrong[0]]) if wrong else line.whole)
        return
    if own:
        _add(line, table, names, own, _remark(cells, layout))


def _own(
    line: DocumentLine, cells: Sequence[DocumentCell], table: EstimateTable, layout: EstimateLayout
) -> Iterator[tuple[AmountColumn, Figure]]:
    for place, column in layout.columns.items():
        if found := figure(cells[place].text, table.unit or "円", line.at(cells[place])):
            table.unitless |= table.unit is None and not squeezed(cells[place].text).endswith("円")
            yield column, found


def _amount(text: str, place: int, layout: EstimateLayout) -> bool:
    """Whether a cell that is no amount holds one; short numbers beside names are their numbering."""
    numbering = place < min(layout.columns) and is_numbering(text)
    return is_figure(text) and not numbering


def _named(
    cells: Sequence[DocumentCell], layout: EstimateLayout
) -> list[tuple[int, str, DocumentCell]]:
    """(level, name, cell) of each name, from the outermost."""
    found = []
    for level, place in enumerate(layout.names):
        text = cells[place].text
        name = unnumbered(text)
        if name and not is_numbering(text):
            found.append((level, name, cells[place]))
    spread = "".join(name for _, name, _ in found)  # 歳入 and 合計 in two cells are one word
    return [(found[0][0], spread, found[0][2])] if found and is_total(spread) else found


def unnumbered(text: str) -> str:
    """A printed name in one spelling, without its number."""
    bare = _NUMBERED.sub("", fold(text).strip(), count=1)
    return spelled(text.strip()[-len(bare) :]) if bare else ""


def _add(
    line: DocumentLine,
    table: EstimateTable,
    names: Sequence[tuple[int, str, DocumentCell]],
    own: dict[AmountColumn, Figure],
    remark: str,
) -> None:
    *outer, (level, name, cell) = names
    for place, title, at in outer:
        before = [row for row in table.rows if row.column <= place]
        if not before or (before[-1].column, before[-1].name) != (place, title):
            table.rows.append(
                AccountRow(name=title, column=place, own={}, remark="", source=line.at(at))
            )
    table.rows.append(
        AccountRow(name=name, column=level, own=own, remark=remark, source=line.at(cell))
    )


def _remark(cells: Sequence[DocumentCell], layout: EstimateLayout) -> str:
    used = {*layout.names, *layout.numbers}
    texts = [cell.text for place, cell in enumerate(cells) if place not in used and cell.text]
    return harmless(
        "、".join(text for text in texts if not re.fullmatch(r"\(?[0-9]{1,3}\)?", text))
    )
