"""The line that a message offers for copying is right: in its place, the fault is gone."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from apportion.core.problem import Level, Problem
from apportion.core.text import fold
from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from apportion.page.told import offered
from tests import test_errors

SEVERAL = re.compile(r"行に直してください:\n(.+)", re.DOTALL)
ADDED = re.compile(r"次の行を足してください: (.+)")
CASES = [case for case in test_errors.cases() if case[:2] in ("W2", "W3", "W4", "W5")]


def finished(problem: Problem) -> Iterator[str]:
    """Each of the lines that a message offers in place of the faulty one."""
    yield from offered(problem)
    if found := SEVERAL.search(problem.fix):
        yield "\n".join(line.strip() for line in found[1].split("\n"))


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
    codes = {
        problem.code
        for number, case in enumerate(CASES)
        for problem in test_errors.found(case, tmp_path / str(number))
        if problem.source.text and (offered(problem) or ADDED.search(problem.fix))
    }
    assert len(codes) >= 33


def blocks(code: str) -> tuple[str, str]:
    """The wrong and the right lines of a help page."""
    page = (test_errors.PAGES / f"{code}.txt").read_text(encoding="utf-8")
    found = re.search(r"誤り:\n(.*?)正しい:\n(.*?)\n直し方:", page, re.DOTALL)
    assert found, code
    wrong, right = (re.sub(r"^  ", "", text, flags=re.MULTILINE) for text in found.groups())
    return wrong.rstrip("\n"), right.rstrip("\n")


# Pages whose example is not a line of a file.
IN_WORDS = {"W248", "W249", "W401", "W422", "W424", "W441", "W516"}
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


# What a message takes away or changes on purpose, and says so in words.
CHANGES: dict[str, str] = {
    "W205": "a sign for another in the name of an 項目",
    "W206": "a sign for another in a ■見出し",
    "W209": "the last part becomes 残り, or what makes 100%",
    "W214": "a sign for another, or one of all the values there are",
    "W215": "the number of the format",
    "W222": "割 and ‰ become %",
    "W207": "a sign that looks like the right one, or the name that is near",
    "W226": "our words for those of the ordinance",
    "W232": "上限 or 下限: both lines are shown",
    "W234": "a unit that must not stand there",
    "W242": "the edge of a step, as its neighbour has it",
    "W243": "the unit of a step, as its neighbour has it",
    "W245": "the number of a 期",
    "W255": "our word for that of the ordinance",
    "W402": "only if that 事業 is meant",
    "W404": "only if that 経費 is meant",
    "W412": "only if the value of today is right",
    "W421": "the year, once what stands below is checked",
    "W432": "the unit of 端数, and how much it would change",
    "W434": "残り, only to let 期割の端数 hold",
    "W439": "the day of issue",
    "W443": "the day of issue",
    "W501": "the last part becomes 残り",
    "W512": "who bears what is over",
    "W531": "事業ごと, or what it does not go with: both lines are shown",
    "W830": "the mark 【要確認】",
    "W859": "期ごと, which tax does not allow",
}
ALL = [*test_errors.cases()]


def signs(text: str) -> Counter[str]:
    """The signs of a line that carry a meaning: no marks, no blanks, no hiragana."""
    return Counter(s for s in fold(text) if s.isalnum() and not "ぁ" <= s <= "ゖ")


@pytest.mark.parametrize("case", ALL)
def test_no_word_is_lost_by_a_line_to_copy(case: str, tmp_path: Path) -> None:
    for problem in test_errors.found(case, tmp_path):
        for line in finished(problem) if problem.source.text else ():
            lost = signs(problem.source.text) - signs(line)
            assert not lost or problem.code in CHANGES, (line, lost)


CONDITION = re.compile(r"ときは|そのつもり|すると|には、次")
"""A message that says what its line would change."""


@pytest.mark.parametrize("case", ALL)
def test_a_line_to_copy_changes_no_amount_unless_it_says_so(case: str, tmp_path: Path) -> None:
    """Where amounts are known before the mend (注意, お知らせ) they are the same behind it."""
    problems = test_errors.found(case, tmp_path)
    if any(problem.level is Level.ERROR for problem in problems):
        return
    before = amounts(tmp_path)
    for problem in problems:
        path = tmp_path / problem.source.file
        if not problem.source.text or CONDITION.search(problem.fix):
            continue
        written = path.read_bytes()
        for text in mended(written.decode("utf-8").split("\n"), problem):
            path.write_text("\n".join(text), encoding="utf-8")
            assert amounts(tmp_path) == before, problem.fix
        path.write_bytes(written)


def amounts(root: Path) -> dict[tuple[str, str, str], int]:
    """Yen of every member by 事業 and 経費."""
    done = examine(load(root, test_errors.R7))
    return {
        (c.line.project, c.line.name, c.member.name): c.yen
        for charges in done.billed.values()
        for c in charges
    }
