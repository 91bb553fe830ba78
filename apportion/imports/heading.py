"""The headings of a table from elsewhere: a band of rows, what stands above it, what below.

The band is every row from the first one with the word for a body (団体コード, 市町村名, …) to the first
row of a body, and the rows right above it that have headings over other columns only. Position and
equality decide, never a word alone: a cell 「団体」 among the rows of bodies is no heading.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from apportion.core.dataclass import dataclass
from apportion.core.problem import InputError, Problem, tell
from apportion.core.text import fold, name_key
from apportion.tables.cells import digits
from apportion.tables.grid import Cell, Grid

Row = tuple[Cell, ...]

CODES = (
    *("団体コード", "市区町村コード", "市町村コード", "自治体コード", "全国地方公共団体コード"),
    *("地方公共団体コード", "都道府県・市区町村コード", "標準地域コード", "地域コード", "コード"),
)
NAMES = (
    *("団体名", "団体名称", "市区町村名", "市町村名", "自治体名", "市区町村", "市町村", "団体"),
    *("町村名", "町村", "市町名", "市町", "区市町村名", "区市町村", "構成市町村", "構成団体"),
    *("自治体", "都道府県・市区町村名", "都道府県・市区町村", "地域", "地域名"),
)
PREFECTURES = ("都道府県コード", "都道府県名", "都道府県", "県コード", "県名")
_CENSUS = re.compile(
    r"(?:全国[,、](?:都道府県[,、])?)?(?:地域|市区町村)(?:\([^)]*\))?(?:_時系列)?(コード)?"
)
_BELOW = ("コード", "名称", "名", "団体名")
DEEPEST = 30
_YEARS = range(1900, 2101)
_NUMBER = re.compile(r"[-△▲+]?[0-9][0-9,]*(\.[0-9]+)?%?")
_MARK = re.compile(r"[○〇◯◎●×✕✓レ*-]|.*(から|まで)")
_COUNTED = "円|人|名|世帯|戸|件|台|t|トン|kg|g|ha|㎡|m2|㎥|m3|km2|㎢|%|‰|校|社|棟|回|票|筆|基|冊|口"
UNIT = re.compile(f"(?:[十百千万億]*)(?:{_COUNTED})|単位")
_STATES_UNIT = re.compile(r"(?:測定|計測|表示|値の)?単位(?:\(?名称?\)?)?|unit")
_STATES_DAY = re.compile(
    r"時間軸.*|年次|元号|現在|期日|time"
    r"|(?:調査|基準|集計|対象|実績|統計|決算|会計|算定|実施|データ)?(?:年月日|年月|年度|年次|年|時点|日|月|期日|期間)"
)
_ABOUT = re.compile(r"\(?単位.*|\(?.*現在\)?")


def is_number(text: str) -> bool:
    """Whether a cell holds a number, be it 28,500, △3 or 1.5%."""
    return _NUMBER.fullmatch(digits(text)) is not None


def is_about(text: str) -> bool:
    """Whether a text is about the table as a whole: `（単位：人）`, `令和7年1月1日現在`."""
    return _ABOUT.fullmatch(fold(text)) is not None


def unit_in(text: str) -> str:
    """`千円` of `千円` and `（千円）`; empty for what is no unit."""
    bare = digits(text).strip("()[]【】〔〕")
    return bare if UNIT.fullmatch(bare) and bare != "単位" else ""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column: its place, its headings from above to below, and the unit below them."""

    row: int
    column: int
    parts: tuple[str, ...]
    unit: str = ""

    @property
    def name(self) -> str:
        """The lowest heading."""
        return self.parts[-1] if self.parts else ""

    @property
    def joined(self) -> str:
        """All headings: `令和7年人口計`."""
        return "".join(self.parts)

    @property
    def both(self) -> str:
        """The lowest heading with the one above it: `人口計`."""
        return "".join(self.parts[-2:])

    @property
    def states_unit(self) -> bool:
        """Whether its cells are the unit of the others: 単位 of a long table."""
        return _STATES_UNIT.fullmatch(fold(self.name).lower().replace(" ", "")) is not None

    @property
    def states_day(self) -> bool:
        """Whether its cells are the day or year of the others: 時間軸（年次）, 調査年, 年度."""
        return _STATES_DAY.fullmatch(fold(self.name).lower().replace(" ", "")) is not None

    def cell(self, row: Row) -> Cell | None:
        """What stands in it; None in a row that ends before it."""
        return row[self.column - 1] if self.column <= len(row) else None

    def text(self, row: Row) -> str:
        """The text that stands in it."""
        cell = self.cell(row)
        return cell.text if cell else ""

    def called(self, name: str) -> bool:
        """Whether `name` is the lowest heading, alone or with those above it."""
        ends = range(len(self.parts))
        return name_key(name) in {name_key("".join(self.parts[at:])) for at in ends}

    def below(self, name: str) -> bool:
        """Whether `name` is a heading over this one."""
        pieces = [name_key(part) for part in self.parts[:-1]]
        return any(
            name_key(name) == "".join(pieces[start:end])
            for start in range(len(pieces))
            for end in range(start + 1, len(pieces) + 1)
        )


@dataclass(frozen=True, slots=True)
class Band:
    """The headings in `rows`, the titles above and the rows below; which columns say the body."""

    titles: tuple[Row, ...]
    rows: tuple[Row, ...]
    below: tuple[Row, ...]
    columns: tuple[SourceColumn, ...]
    codes: tuple[int, ...]
    names: tuple[int, ...]
    prefectures: tuple[int, ...]

    @property
    def keys(self) -> tuple[int, ...]:
        """Columns that say which body a row is about."""
        return (*self.codes, *self.names)

    def repeated(self, row: Row) -> bool:
        """Whether a later row is a heading or a title again, as at the top of a page."""
        texts = _texts(row)
        return any(texts == _texts(head) for head in (*self.titles, *self.rows))


def first_keys(rows: Sequence[Row]) -> int | None:
    """The first row with a word for a body; None where there is none."""
    return next((n for n, row in enumerate(rows[:DEEPEST]) if _key_cells(row)), None)


def find(grid: Grid, rows: Sequence[Row]) -> Band:
    """The band of a table that has one (`first_keys`). Raises `InputError` of two side by side."""
    first = first_keys(rows)
    assert first is not None
    keys = {cell.column: cell for cell in _key_cells(rows[first])}
    start = first
    while start and _heads(rows[start - 1], keys, rows[start]):
        start -= 1
    end = first + 1
    while end < min(len(rows), first + DEEPEST) and _goes_on(rows[end], keys):
        end += 1
    band = tuple(rows[start:end])
    columns = tuple(_columns(band))
    codes = _keyed(grid, band, columns, CODES)
    return Band(
        titles=tuple(rows[:start]),
        rows=band,
        below=tuple(rows[end:]),
        columns=columns,
        codes=codes,
        names=_keyed(grid, band, [c for c in columns if c.column not in codes], NAMES),
        prefectures=tuple(c.column for c in columns if name_key(c.name) in PREFECTURES),
    )


def _word(text: str) -> str:
    """The word for a body that a heading is: one of CODES or NAMES, else empty."""
    key = name_key(text)
    if key in (*CODES, *NAMES):
        return key
    census = _CENSUS.fullmatch(fold(key).replace("，", ","))
    return ("地域コード" if census[1] else "地域") if census else ""


def _keys(text: str) -> bool:
    return bool(_word(text)) or name_key(text) in PREFECTURES


def _key_cells(row: Row) -> list[Cell]:
    return [cell for cell in row if _word(cell.text)]


def _texts(row: Row) -> dict[int, str]:
    """What stands in a row by column; of merged cells, only the first."""
    texts = [name_key(cell.text) for cell in row]
    spans = zip(row, texts, ["", *texts], strict=False)
    return {cell.column: text for cell, text, left in spans if text and text != left}


def _heads(row: Row, keys: dict[int, Cell], under: Row) -> bool:
    """Whether a row right above the band has headings: over other columns, more than a note."""
    there = [cell for cell in row if cell.text]
    others = [cell for cell in there if cell.column not in keys]
    own = [cell for cell in there if cell.column in keys]
    if row[0].row + 1 != under[0].row or not others:
        return False
    if len(others) == 1 and is_about(others[0].text):
        return False
    return all(name_key(cell.text) == name_key(keys[cell.column].text) for cell in own)


def _goes_on(row: Row, keys: dict[int, Cell]) -> bool:
    """Whether a row below the word for a body is a heading still: no body, no value in it."""
    own = [cell for cell in row if cell.text and cell.column in keys]
    others = [cell.text for cell in row if cell.text and cell.column not in keys]
    said = all(
        name_key(cell.text) == name_key(keys[cell.column].text)
        or _word(cell.text)
        or name_key(cell.text) in _BELOW
        or UNIT.fullmatch(digits(cell.text).strip("()"))
        for cell in own
    )
    return said and not any(map(is_value, others))


def is_value(text: str) -> bool:
    """Whether a text is a number or what a roster holds; a year of four digits may be a heading."""
    plain = digits(text)
    if _MARK.fullmatch(plain):
        return True
    year = plain.isascii() and plain.isdigit() and int(plain) in _YEARS
    return is_number(text) and not year


def _columns(band: Sequence[Row]) -> Iterator[SourceColumn]:
    width = max(len(row) for row in band)
    texts = [[cell.text for cell in row] + [""] * (width - len(row)) for row in band]
    units = [number > 0 and _are_units(row) for number, row in enumerate(texts)]
    names = [[] if unit else row for row, unit in zip(texts, units, strict=True)]
    carried: list[list[str]] = []
    for number, row in enumerate(texts):
        spans = [*zip(texts, carried, strict=False)] if units[number] else []
        below = [lower for lower in names[number + 1 :] if lower]
        carried.append(_carried(row, below, spans))
    for column in range(1, width + 1):
        own = [n for n, row in enumerate(texts) if row[column - 1]]
        said = [(row[column - 1], unit) for row, unit in zip(carried, units, strict=True)]
        heads = (text for text, unit in said if text and (not unit or _keys(text)))
        parts = tuple(text for text, _ in groupby(heads))
        unit = next((unit_in(text) for text, unit in said if unit and unit_in(text)), "")
        yield SourceColumn(band[max(own, default=0)][0].row, column, parts, unit)


def _are_units(row: Sequence[str]) -> bool:
    """Whether a row below the first one has units only, and words for a body or prefecture."""
    said = [text for text in row if text and not _keys(text) and "単位" not in text]
    return bool(said) and all(map(unit_in, said))


def _carried(
    row: Sequence[str],
    below: Sequence[Sequence[str]],
    above: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> list[str]:
    """Texts of a row of headings; a blank one above another heading belongs to the one on its left.

    In a row of units it does so under one heading: `above` are the rows above it, as written and as
    carried. A word for a body spans its code and name only.
    """
    texts: list[str] = []
    for place, text in enumerate(row):
        left = texts[-1] if texts else ""
        lower = [name_key(under[place]) for under in below if under[place]]
        headed = bool(lower) and (not _word(left) or lower[0] in _BELOW)
        spanned = any(_spans(own, full, place) for own, full in above)
        texts.append(text or (left if spanned or headed else ""))
    return texts


def _spans(own: Sequence[str], carried: Sequence[str], place: int) -> bool:
    """Whether a heading stands over this column and the one on its left."""
    same = place > 0 and carried[place] == carried[place - 1] != ""
    return same and own[place] in ("", own[place - 1])


def _keyed(
    grid: Grid, band: Sequence[Row], columns: Sequence[SourceColumn], words: Sequence[str]
) -> tuple[int, ...]:
    """Columns of the first of these words that is a heading; neighbours where it spans them."""
    own = {
        column.column: [_word(part) for part in column.parts if _word(part) in words]
        for column in columns
    }
    for word in words:
        found = [place for place, said in own.items() if word in said]
        if found:
            # Merged over two columns (郡 and 町村) they stand side by side; two tables do not.
            if found[-1] - found[0] != len(found) - 1 or (len(found) > 1 and not grid.sheet):
                raise InputError((_twice(grid, band, word, found),))
            return tuple(found)
    return ()


def _twice(grid: Grid, band: Sequence[Row], word: str, places: Sequence[int]) -> Problem:
    cells = [cell for row in band for cell in row if cell.column in places and cell.text]
    found = [cell for cell in cells if _word(cell.text) == word]
    return tell(
        "W840.twice",
        grid.source(found[-1]),
        word=found[-1].text,
        places="、".join(cell.place for cell in found),
    )


def called(columns: Sequence[SourceColumn]) -> Iterator[tuple[SourceColumn, str]]:
    """The columns with headings, each with what it must be called."""
    names = Counter(name_key(column.name) for column in columns)
    both = Counter(name_key(column.both) for column in columns)
    for column in (each for each in columns if each.name):
        if names[name_key(column.name)] == 1:
            yield column, column.name
        else:
            alone = both[name_key(column.both)] == 1
            yield column, column.both if alone else column.joined


def shown(columns: Sequence[SourceColumn]) -> str:
    """The headings of a table, each as it must be called."""
    return "、".join(name for _, name in called(columns))
