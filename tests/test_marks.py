"""【要確認】: a marked line or cell is read as if the mark were not there, and refused once."""

from pathlib import Path

import pytest

from apportion.core.problem import Problem
from apportion.core.text import UNDECIDED, mark_in, unmarked
from apportion.core.year import FiscalYear
from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from apportion.rules.book import Vocabulary
from apportion.rules.read import parse
from apportion.rules.spell.format import formatted
from tests import small, workspace

R7 = FiscalYear(2025)
TEXT = (workspace.SHIPPED / "rules/r7/40_chotatsu_buppin.txt").read_text("utf-8-sig")
LINES = TEXT.split("\n")


def said(root: Path) -> tuple[Problem, ...]:
    return examine(load(root, R7)).problems


@pytest.mark.parametrize("number", [n for n, line in enumerate(LINES) if line.strip()])
@pytest.mark.parametrize("mark", [UNDECIDED, f" {UNDECIDED}", f"　{UNDECIDED} ", "【 要確認 】"])
def test_any_line_reads_as_if_it_were_not_marked(number: int, mark: str) -> None:
    marked = "\n".join([*LINES[:number], LINES[number] + mark, *LINES[number + 1 :]])
    rules, problems = parse("rules/r7/40.txt", TEXT, Vocabulary())
    same, others = parse("rules/r7/40.txt", marked, Vocabulary())
    assert same == rules
    assert [p.code for p in others] == [p.code for p in problems]
    assert same is not None
    assert [source.line for source in same.marks] == [number + 1]
    spelled, _ = formatted("rules/r7/40.txt", marked, Vocabulary())
    assert spelled is not None
    assert mark.strip() in spelled


def test_between_brackets_it_is_only_spoken_of() -> None:
    assert mark_in("※ 「【要確認】」は、決めていない印です") is None
    assert unmarked("※ 割合は案 【要確認】") == "※ 割合は案"


def test_all_marks_are_told_and_nothing_else(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    marks = 0
    for path in sorted((root / "rules/r7").glob("*.txt")):
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
        marks += sum(bool(line.strip()) for line in lines)
        text = "\n".join(f"{line.rstrip()} {UNDECIDED}" if line.strip() else line for line in lines)
        path.write_bytes(text.encode("utf-8-sig"))
    problems = said(root)
    assert {p.code for p in problems} == {"W830"}
    assert len(problems) == marks


def test_a_marked_figure_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    rules = f"基礎数値: 人口（令和7年10月1日現在） {UNDECIDED}\n■経費 利用料\n負担割合: 人口割\n検算: 甲市 = 1円\n"
    figures = {name: {"人口（人、令和2年10月1日現在）": 1} for name in ("甲市", "乙町")}
    small.write(tmp_path, rules, {"利用料": 100}, figures)
    assert [p.code for p in said(tmp_path)] == ["W830"]


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("rules/r7/budget.csv", "1000"),
        ("rules/r7/income.csv", "負担金収入"),
        ("members/members.csv", "甲市"),
        ("members/r7/roster.csv", "○"),
        ("members/r7/figures.csv", "30"),
        ("members/r7/figures.csv", "人口（人、令和2年10月1日現在）"),
    ],
)
def test_a_marked_cell_is_told_once(name: str, old: str, tmp_path: Path) -> None:
    figures = {n: {"人口（人、令和2年10月1日現在）": y} for n, y in (("甲市", 30), ("乙町", 20))}
    rules = "■経費 利用料\n負担割合: 人口割\n検算: 甲市 = 600円\n"
    small.write(tmp_path, rules, {"利用料": 1000}, figures)
    assert said(tmp_path) == ()
    path = tmp_path / name
    path.write_text(path.read_text("utf-8").replace(old, f"{old}{UNDECIDED}", 1), "utf-8")
    (problem,) = said(tmp_path)
    assert problem.code == "W830"
    assert problem.source.file == name
    assert problem.source.cell
