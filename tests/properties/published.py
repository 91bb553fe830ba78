"""A model of the tables that offices publish: it knows the true value of each cell it prints."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import openpyxl
from hypothesis import strategies as st

BODIES = {"098019": "A市", "098027": "B町", "098035": "C村"}
OTHERS = {"011002": "札幌市", "012025": "函館市"}
MONEY = {"円": 1, "千円": 1_000, "百万円": 1_000_000}
DAY = "令和7年1月1日現在"
_GROUPS = (("令和7年", "参考"), ("人口", "動態"), ("総数", "内訳"), ("区域内", "区域外"))
_LEAVES = ("男", "女", "計", "うち外国人")

TRAPS = (
    *("year", "unit", "total", "side by side", "commas", "nameless", "superscript", "stranger"),
    *("other heading", "two rows"),
)
"""What makes a table one that must be refused."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """A table: headings of each column from above to below, values, and how all of it is printed."""

    paths: tuple[tuple[str, ...], ...]
    values: Mapping[str, tuple[int, ...]]
    call: str
    keys: str
    unit: str
    asked: str
    stated: str
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    total: str = ""
    repeat: int = 0
    names: str = "plain"
    numbers: str = "plain"
    workbook: bool = False
    merged: bool = False
    hidden: bool = False
    trap: str = ""

    @property
    def depth(self) -> int:
        return len(self.paths[0])

    @property
    def meant(self) -> set[int]:
        """The columns that the call may mean: the lowest headings and those above, joined."""
        found = set()
        for place, path in enumerate(self.paths):
            said = [text for text in path if text]
            ends = {"".join(said[start:]) for start in range(len(said))}
            if self.call in ends or self.call in said[:-1]:
                found.add(place)
        return found

    @property
    def readable(self) -> bool:
        return len(self.meant) == 1 and (not self.trap or (self.trap == "year" and self._dated))

    @property
    def _dated(self) -> bool:
        """Whether the wanted column names the year itself: a title of another year is not of it."""
        return _GROUPS[0][0] in self.paths[min(self.meant)]

    def truth(self, body: str) -> Fraction:
        """The value of the wanted column in the unit that is asked for."""
        (place,) = self.meant
        scale = Fraction(MONEY.get(self.unit, 1), MONEY.get(self.asked, 1))
        return self.values[body][place] * scale

    def write(self, folder: Path) -> Path:
        path = folder / ("表.xlsx" if self.workbook else "表.csv")
        rows, merges, hidden = self._printed()
        if self.workbook:
            _save(path, rows, merges if self.merged else [], hidden if self.hidden else 0)
        else:
            path.write_text(self._csv(rows), "utf-8")
        return path

    def _csv(self, rows: Sequence[Sequence[str]]) -> str:
        if self.trap == "commas":
            return "".join(",".join(row) + "\n" for row in rows)
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        return stream.getvalue()

    def _printed(self) -> tuple[list[list[str]], list[tuple[int, int, int, int]], int]:
        heads = self._heads()
        lead = len(heads[0]) - len(self.paths)
        rows = [[title] + [""] * (len(heads[0]) - 1) for title in self.titles]
        merges = _spans(heads, len(rows)) if self.merged else []
        rows += [list(row) for row in heads]
        if self.stated == "row":
            rows.append([""] * lead + [self.unit] * len(self.paths))
        body = self._body(lead)
        if self.repeat:
            body[self.repeat : self.repeat] = [list(row) for row in heads]
        if self.trap == "other heading":
            other = [*heads[-1][:lead], *("別の値" for _ in self.paths)]
            body[1:1] = [[*heads[0][:lead], *other[lead:]]]
        hidden = len(rows) + 1
        rows += body
        rows += [[note] + [""] * (len(heads[0]) - 1) for note in self.notes]
        if self.trap == "side by side":
            titles = len(self.titles)
            rows = [*rows[:titles], *([*row, *row] for row in rows[titles:])]
        return rows, merges, hidden

    def _heads(self) -> list[list[str]]:
        """Rows of headings as a CSV has them: a heading stands in the first column that it spans."""
        keys = {"both": ["団体コード", "市区町村名"], "name": ["市町村名"]}
        lead = keys.get(self.keys, ["市区町村コード", "市区町村名"])
        rows = []
        for level in range(self.depth):
            row = list(lead) if level == 0 else [""] * len(lead)
            for place, path in enumerate(self.paths):
                same = place and path[: level + 1] == self.paths[place - 1][: level + 1]
                last = level == self.depth - 1
                row.append("" if same and not last else path[level])
            rows.append(row)
        return rows

    def _body(self, lead: int) -> list[list[str]]:
        rows = [self._row(code, name, self.values[code]) for code, name in BODIES.items()]
        rows += [self._row(code, OTHERS[code], self.values[code]) for code in self.others]
        if self.trap == "nameless":
            rows.insert(1, [""] * lead + [self._number(5) for _ in self.paths])
        if self.trap == "two rows":
            again = tuple(value + 1 for value in self.values["098019"])
            rows.append(self._row("098019", "A市", again))
        if self.trap == "stranger":
            rows[2][lead - 1] = "Ｃ林"
            rows[2][0] = rows[2][0] if lead == 1 else ""
        if self.total:
            sums = [
                sum(self.values[c][n] for c in (*BODIES, *self.others))
                for n in range(len(self.paths))
            ]
            shift = 7 if self.trap == "total" else 0
            total = [""] * (lead - 1) + ["合計"] + [self._number(each + shift) for each in sums]
            rows.insert(0 if self.total == "above" else len(rows), total)
        return rows

    def _row(self, code: str, name: str, values: Sequence[int]) -> list[str]:
        written = {"five": code[:5], "lost": code.lstrip("0"), "float": code.lstrip("0") + ".0"}
        spelled = {"wide": name.translate(str.maketrans("ABC", "ＡＢＣ")), "spaced": " ".join(name)}
        key = [spelled.get(self.names, name)]
        if self.keys != "name":
            key.insert(0, written.get(self.keys, code))
        numbers = [self._number(value) for value in values]
        if self.trap == "superscript" and code == "098019":
            numbers = [f"{number}¹" for number in numbers]
        return key + numbers

    def _number(self, value: int) -> str:
        if self.trap == "commas" or self.numbers == "commas":
            return f"{value:,}"
        if self.numbers == "wide":
            return str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        return str(value)


def _spans(heads: Sequence[Sequence[str]], above: int) -> list[tuple[int, int, int, int]]:
    """Merged ranges of the headings (first row, first column, last row, last column)."""
    found = []
    for level, row in enumerate(heads[:-1]):
        # A heading ends where one of its own row or of a row above begins.
        starts = [n for n in range(len(row)) if any(upper[n] for upper in heads[: level + 1])]
        for place, after in zip(starts, [*starts[1:], len(row)], strict=True):
            below = row[place] and heads[level + 1][place]
            if below and after - place > 1:
                found.append((above + level + 1, place + 1, above + level + 1, after))
    return found


def _save(
    path: Path,
    rows: Sequence[Sequence[str]],
    merges: Sequence[tuple[int, int, int, int]],
    hidden: int,
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            code = text.startswith("0") or column == 1
            value: str | int = int(text) if text.isascii() and text.isdigit() and not code else text
            if text:
                sheet.cell(number, column, value)
    for first_row, first, last_row, last in merges:
        sheet.merge_cells(
            start_row=first_row, start_column=first, end_row=last_row, end_column=last
        )
    if hidden:
        sheet.row_dimensions[hidden].hidden = True
    book.save(path)


@st.composite
def paths(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    """Headings of one to five rows: groups inside groups, some headings over all rows."""
    depth = draw(st.integers(1, 5))
    found: list[tuple[str, ...]] = []

    def grow(prefix: tuple[str, ...], level: int) -> None:
        if level == depth - 1:
            count = draw(st.integers(1, 3))
            found.extend((*prefix, leaf) for leaf in _LEAVES[:count])
            return
        for name in _GROUPS[level][: draw(st.integers(1, 2 if level < 2 else 1))]:
            grow((*prefix, name), level + 1)

    grow((), 0)
    if depth > 1 and draw(st.booleans()):
        found.append(("世帯数", *[""] * (depth - 1)))
    return tuple(found)


@st.composite
def tables(draw: st.DrawFn, *, workbook: bool = False) -> Published:
    """Tables of every kind, about half of them with a trap."""
    heads = draw(paths())
    unit = draw(st.sampled_from(("人", "円", "千円")))
    asked = unit if unit == "人" else draw(st.sampled_from(("円", "千円", "百万円")))
    trap = draw(st.one_of(st.just(""), st.sampled_from(TRAPS)))
    stated = draw(st.sampled_from(("row", "title", "heading")))
    if asked == unit and trap != "unit":
        stated = draw(st.sampled_from(("row", "title", "heading", "")))
    if stated == "heading":
        heads = tuple(_with_unit(path, unit) for path in heads)
    count = len(heads)
    least = 1_000 if trap == "commas" else 1
    numbers = st.tuples(*[st.integers(least, 999_999)] * count)
    others = draw(st.sampled_from(((), tuple(OTHERS)[:1], tuple(OTHERS))))
    keys = draw(st.sampled_from(("both", "name", "five", "lost", "float")))
    titles = [
        draw(st.sampled_from((f"{'令和6年' if trap == 'year' else '令和7年'}1月1日現在の状況",)))
    ]
    if trap != "year" and draw(st.booleans()):
        titles = draw(st.sampled_from(([], ["市町村の状況"], ["第1表 市町村の状況", "（公表）"])))
    if stated == "title":
        titles.append(f"（単位：{unit}）")
    picked = [text for text in draw(st.sampled_from(heads)) if text]
    calls = ["".join(picked[start:]) for start in range(len(picked))] + picked
    return Published(
        paths=heads,
        values={code: draw(numbers) for code in (*BODIES, *OTHERS)},
        call=draw(st.sampled_from(calls)),
        keys=keys,
        unit=unit,
        asked="世帯" if trap == "unit" else asked,
        stated=stated,
        titles=tuple(titles),
        notes=draw(
            st.sampled_from(((), ("注 令和6年の調べによる。",), ("※ B町は速報値", "出典: 県")))
        ),
        others=() if keys == "name" else others,
        total=draw(
            st.sampled_from(("above", "below") if trap == "total" else ("", "above", "below"))
        ),
        repeat=draw(st.integers(0, 2)),
        names=draw(st.sampled_from(("plain", "wide", "spaced"))),
        numbers=draw(st.sampled_from(("plain", "commas", "wide"))),
        workbook=workbook and trap != "commas",
        merged=draw(st.booleans()),
        hidden=draw(st.booleans()),
        trap=trap,
    )


def _with_unit(path: tuple[str, ...], unit: str) -> tuple[str, ...]:
    last = max(place for place, text in enumerate(path) if text)
    return (*path[:last], f"{path[last]}（{unit}）", *path[last + 1 :])
