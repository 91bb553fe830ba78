"""No text makes a reader work out of all proportion: it is read like any other, or refused with a reason.

Work is measured as a ratio: the time for a hostile text to that for a sound one of the same size.
"""

import time
from pathlib import Path

import pytest

from apportion.core.problem import InputError, Source, in_words, tell
from apportion.core.text import blank_marks, mark_in, unmarked
from apportion.outcome.workspace import load
from apportion.rules import read
from apportion.rules.book import Vocabulary
from tests import small

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
