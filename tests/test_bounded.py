"""No text makes a reader work out of all proportion: it is read like any other, or refused with a reason.

Work is measured as a ratio: the time for a hostile text to that for a sound one of the same size.
"""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from apportion.core.problem import InputError, Source, in_words, tell
from apportion.core.text import blank_marks, mark_in, unmarked
from apportion.forms import slots
from apportion.forms.book import opened
from apportion.outcome.workspace import load
from apportion.rules import read
from apportion.rules.book import Vocabulary
from tests import small
from tests.rich_template import STRINGS, changed, plain

WORDS = Vocabulary(lines={"共同事業": ("甲",)}, members=("あ市", "い市"), figures=("人口",))
SIZE = 9_000
MOST = 25

FIGURES = {"あ市": {"人口（人、R2）": 10}, "い市": {"人口（人、R2）": 20}}
SOUND = "■経費 甲\n負担割合: 均等割\n"


def seconds(text: str) -> float:
    """The shortest of three readings."""
    found = []
    for _ in range(3):
        before = time.process_time()
        read.parse("rules/r7/10.txt", text, WORDS)
        found.append(time.process_time() - before)
    return min(found)


HOSTILE = {
    "「 that nothing closes": ("負担割合: ", "「", ""),
    "「 that nothing closes, in the key": ("", "「", ": 均等割"),
    "「 before marks": ("備考: ", "「【要確認】", ""),
    "marks": ("備考: ", "【要確認】", ""),
    "half a mark": ("備考: ", "【 ", ""),
    "digits": ("差し引く: 甲", "1", "あ"),
    "digits and commas": ("差し引く: 甲", "1,", "あ"),
    "blanks before a number": ("差し引く: 甲", " ", "1あ"),
    "an equation of digits": ("検算: 甲 ", "1", "あ"),
    "blanks before a unit": ("負担割合: 人口", " ", "1人につき"),
    "blanks before a rate": ("負担割合: 人口の", " ", "x"),
    "numbers without a unit": ("負担割合: ", "人口 1", ""),
    "blanks in a doubling": ("■基準 乙\n値: 人口が2倍で", " ", "x"),
    "doublings": ("■基準 乙\n値: ", "が2倍で", "x"),
    "names": ("負担割合: ", "あ市、", "に 均等割"),
    "unknown names": ("負担割合: ", "未知、", "に 均等割"),
    "shares": ("負担割合: 均等割 1%", "+人口割 1%", ""),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_line_takes_longer_than_its_length_says(kind: str) -> None:
    start, unit, end = HOSTILE[kind]
    line = start + unit * (SIZE // len(unit)) + end
    sound = "\n".join(["備考: 令和七年度の予算による"] * (SIZE // 16))
    head = f"{small.HEAD}{SOUND}"
    assert seconds(head + line) < MOST * seconds(head + sound)


def test_marks_are_found_as_before() -> None:
    text = "甲 【要確認】 「乙【要確認】」【 要確認 】丙「【要確認】"
    assert mark_in(text) == (2, 7)
    assert unmarked(text) == "甲 「乙【要確認】」丙「"
    assert blank_marks(text) == f"甲 {' ' * 5} 「乙【要確認】」{' ' * 7}丙「{' ' * 5}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SOUND + "\n" * 20_000, 0),
        (SOUND + "備考: 甲\n" * 100_000, 0),
        (f"{SOUND}備考: {'あ' * 20_000}\n", 9),
    ],
    ids=["lines", "bytes", "a line"],
)
def test_a_text_that_is_no_rule_is_refused(tmp_path: Path, text: str, line: int) -> None:
    root = small.write(tmp_path, text, {"甲": 1000}, FIGURES)
    with pytest.raises(InputError) as caught:
        small.run(root)
    (found,) = caught.value.problems
    assert (found.code, found.source) == ("W105", Source(file="rules/r7/10.txt", line=line))


@pytest.mark.parametrize(
    "more", ["\n" * 60_000, "," * 600, (",,,,,,,,\n") * 30_000], ids=["rows", "columns", "cells"]
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, more: str) -> None:
    root = small.write(tmp_path, SOUND, {"甲": 1000}, FIGURES)
    name = "members/r7/figures.csv"
    small.save(root, name, (root / name).read_text("utf-8") + more)
    found = [(p.code, p.source.file) for p in load(root, small.R7).problems]
    assert found == [("W105", name)]


def test_of_many_problems_of_one_kind_the_first_are_told() -> None:
    text = small.HEAD + SOUND + "".join(f"負但割合{n}: 均等割\n" for n in range(80))
    _, problems = read.parse("rules/r7/10.txt", text, WORDS)
    assert len(problems) == 80
    told = in_words(problems).split("\n\n")
    assert sum(part.startswith("エラー W205") for part in told) == 50
    assert told[-1] == "rules/r7/10.txt: W205 は、ほかに 30 か所あります。"


def test_of_a_long_line_the_part_around_the_fault_is_shown() -> None:
    line = "あ" * 3_000 + "い" + "う" * 3_000
    shown = str(tell("W206", Source(file="a.txt", line=1, column=3_001, text=line), kinds="■経費"))
    marked, under = (part.partition(" | ")[2] for part in shown.splitlines() if " | " in part)
    assert len(marked) == 160
    assert marked[under.index("＾")] == "い"


def test_of_bodies_with_one_name_each_is_told_once(tmp_path: Path) -> None:
    root = small.write(tmp_path, SOUND, {"甲": 1000}, FIGURES)
    name = "members/members.csv"
    rows = "".join(f"{small.code(n)},あ市,よみ,市,,会員,,,\n" for n in range(3, 103))
    small.save(root, name, (root / name).read_text("utf-8") + rows)
    assert [p.code for p in load(root, small.R7).problems].count("W302") == 100


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda part: part.replace(old, new)


def behind(*more: bytes) -> Callable[[bytes], bytes]:
    return swapped(b"</sheetData>", b"</sheetData>" + b"".join(more))


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
HIDDEN = b'<col min="%d" max="%d" hidden="1" width="5"/>'

REFUSED_BOOKS: dict[str, Callable[[bytes], bytes]] = {
    "a far cell": swapped(b"</sheetData>", FAR),
    "a far cell behind a mark and a new line": lambda part: (
        b"\xef\xbb\xbf\n" + part.replace(b"</sheetData>", FAR)
    ),
    "a far cell behind many blanks": lambda part: b" " * 99 + part.replace(b"</sheetData>", FAR),
    "a far cell in another namespace": lambda part: part.replace(
        b"</sheetData>", FAR.replace(b"<row", b'<x:row xmlns:x="urn:x"')
    ).replace(b"</row></sheetData>", b"</x:row></sheetData>"),
    "merged cells": behind(
        b"<mergeCells>",
        *(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(5, 6_000)),
        b"</mergeCells>",
    ),
    "cells": swapped(
        b"</sheetData>",
        b"".join(b"<row>" + b"<c><v>1</v></c>" * 40 + b"</row>" for _ in range(6_000))
        + b"</sheetData>",
    ),
    "elements": behind(b"<x>", b"<a/>" * 1_300_000, b"</x>"),
    "attributes": behind(b"<x ", *(b'a%d="" ' % n for n in range(11_000)), b"/>"),
    "conditions": behind(
        b"<conditionalFormatting>", b"<cfRule/>" * 2_001, b"</conditionalFormatting>"
    ),
}


@pytest.mark.parametrize("kind", REFUSED_BOOKS)
def test_a_book_that_is_no_table_is_refused(tmp_path: Path, kind: str) -> None:
    root = with_book(tmp_path, "xl/worksheets/sheet1.xml", REFUSED_BOOKS[kind])
    assert [p.code for p in load(root, small.R7).problems] == ["W105"]


def test_a_book_with_too_many_names_is_refused(tmp_path: Path) -> None:
    names = b"".join(b'<definedName name="n%d">Sheet!$A$1</definedName>' % n for n in range(20_001))
    new = b"<definedNames>" + names + b"</definedNames><calcPr"
    root = with_book(tmp_path, "xl/workbook.xml", swapped(b"<calcPr", new))
    assert [p.code for p in load(root, small.R7).problems] == ["W105"]


@pytest.mark.parametrize(
    "columns",
    [[(1, 2_000_000_000)], [(n, 16_384) for n in range(1, 2_001)]],
    ids=["to no end", "over one another"],
)
def test_hidden_columns_are_told_once_each(tmp_path: Path, columns: list[tuple[int, int]]) -> None:
    cols = b"".join(HIDDEN % pair for pair in columns)
    new = b"<cols>" + cols + b"</cols><sheetData>"
    root = with_book(tmp_path, "xl/worksheets/sheet1.xml", swapped(b"<sheetData>", new))
    before = time.process_time()
    found = [(p.code, p.source.cell) for p in load(root, small.R7).problems]
    hostile = time.process_time() - before
    assert found == [("W134", "A1"), ("W134", "B1"), ("W134", "C1")]
    before = time.process_time()
    load(with_book(tmp_path / "sound", "", bytes), small.R7)
    assert hostile < MOST * (time.process_time() - before)


def with_book(root: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A workspace whose figures are a workbook with one part changed."""
    small.write(root, SOUND, {"甲": 1000}, FIGURES)
    table = root / "members/r7/figures.csv"
    book = openpyxl.Workbook()
    for row in csv.reader(table.read_text("utf-8").splitlines()):
        book.worksheets[0].append(
            [int(cell) if len(cell) < 6 and cell.isdigit() else cell for cell in row]
        )
    table.unlink()
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(table.with_suffix(".xlsx"), "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return root


FORMS = {
    "runs": b"<si>" + b"<r><t>{{a}}</t></r>" * 3_000 + b"</si>",
    "runs that part a placeholder": b"<si>"
    + b"<r><t>{{</t></r><r><t>a}}</t></r>" * 2_000
    + b"</si>",
    "texts": b"<si><t>{{a}}</t></si>" * 2_400,
    "blanks": b"<si><t>" + (b"{{" + b" " * 9_000) * 40 + b"a</t></si>",
}


@pytest.mark.parametrize("kind", FORMS)
def test_no_form_takes_longer_than_its_size_says(kind: str) -> None:
    new = FORMS[kind]
    words = b"<si><t>" + b"words of a form " * (len(new) // 16) + b"</t></si>"
    hostile, sound = (
        changed(plain(), {STRINGS: (b"</sst>", more + b"</sst>")}) for more in (new, words)
    )
    assert opening(hostile) < 60 * opening(sound)


def opening(data: bytes) -> float:
    """The shortest of three."""
    found = []
    for _ in range(3):
        slots.read.cache_clear()
        opened.cache_clear()
        before = time.process_time()
        slots.read(data)
        found.append(time.process_time() - before)
    return min(found)
