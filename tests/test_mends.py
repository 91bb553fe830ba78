"""The line that a message offers for copying is right: in its place, the fault is gone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from apportion.core.problem import Problem
from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from tests import test_errors

PROMISE = re.compile(
    r"(?:行に直してください|行になります|ちょうど 100% になります|単位を付けてください"
    r"|「÷」を使います|必ず合います|差は1円までになります): (.+)"
)
ADDED = re.compile(r"次の行を足してください: (.+)")
CASES = [case for case in test_errors.cases() if case[:2] in ("W2", "W3", "W4", "W5")]


def finished(problem: Problem) -> Iterator[str]:
    """Each of the lines that a message offers in place of the faulty one."""
    if found := PROMISE.search(problem.fix):
        whole = re.sub(r"（(?:そのつもり|経費の|ほかに)[^）]*）$", "", found[1])
        yield from whole.split("、または ")


def mended(lines: list[str], problem: Problem) -> Iterator[list[str]]:
    """The file with each offered line in its place."""
    place = problem.source.line - 1
    for line in finished(problem):
        yield [*lines[:place], line, *lines[place + 1 :]]
    if added := ADDED.search(problem.fix):
        yield [*lines[: place + 1], added[1], *lines[place + 1 :]]


def told(root: Path, problem: Problem) -> Iterator[set[str]]:
    """Codes that are told after each of the mends of a problem."""
    path = root / problem.source.file
    lines = path.read_text(encoding="utf-8").split("\n")
    for text in mended(lines, problem):
        path.write_text("\n".join(text), encoding="utf-8")
        yield {p.code for p in examine(load(root, test_errors.R7)).problems}
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_the_offered_line_mends_the_fault(case: str, tmp_path: Path) -> None:
    problems = test_errors.found(case, tmp_path)
    several = {p.code for p in problems[1:]}
    for problem in problems:
        if problem.source.text:
            for codes in told(tmp_path, problem):
                left = {c for c in codes if c.startswith("W2") or c == problem.code}
                assert left <= several, problem.fix


def test_most_messages_about_a_line_offer_one(tmp_path: Path) -> None:
    offered = {
        problem.code
        for number, case in enumerate(CASES)
        for problem in test_errors.found(case, tmp_path / str(number))
        if problem.source.text and (PROMISE.search(problem.fix) or ADDED.search(problem.fix))
    }
    assert len(offered) >= 33


def blocks(code: str) -> tuple[str, str]:
    """The wrong and the right lines of a help page."""
    page = (test_errors.PAGES / f"{code}.txt").read_text(encoding="utf-8")
    found = re.search(r"誤り:\n(.*?)正しい:\n(.*?)\n直し方:", page, re.DOTALL)
    assert found, code
    wrong, right = (re.sub(r"^  ", "", text, flags=re.MULTILINE) for text in found.groups())
    return wrong.rstrip("\n"), right.rstrip("\n")


# Pages whose example is not a line of a file.
IN_WORDS = {"W248", "W249", "W401", "W422", "W424", "W516"}
SHOWN = sorted({case[:4] for case in CASES if case[:2] != "W3"} - IN_WORDS)


def spoiled(case: str, root: Path, wrong: str) -> Path | None:
    """The file of a case that holds the wrong lines of the page."""
    test_errors.workspace(case, root)
    files = (path for path in sorted(root.rglob("*")) if path.suffix in {".txt", ".csv"})
    return next((path for path in files if f"\n{wrong}\n" in f"\n{path.read_text('utf-8')}"), None)


@pytest.mark.parametrize("code", SHOWN)
def test_the_example_of_a_page_is_such_a_fault_and_its_mend(code: str, tmp_path: Path) -> None:
    wrong, right = blocks(code)
    tried = 0
    for number, case in enumerate(case for case in CASES if case[:4] == code):
        root = tmp_path / str(number)
        path = spoiled(case, root, wrong)
        if path is None:
            continue
        text = f"\n{path.read_text('utf-8')}".replace(f"\n{wrong}\n", f"\n{right}\n", 1)
        path.write_text(text[1:], encoding="utf-8")
        codes = {p.code for p in examine(load(root, test_errors.R7)).problems}
        assert code not in codes
        tried += 1
    assert tried, wrong
