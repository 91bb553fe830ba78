"""Every example of the manuals (rules/README.md, members/README.md) is run, and says the truth.

How an example is written so that it is found stands in `tests/manual/reading.py`; how its table
becomes a council on disk, in `tests/manual/council.py`. The amounts in the manuals were worked out
by hand.
"""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from apportion.allocate.case import LineResult
from apportion.cli import COMMANDS
from apportion.core import catalogue
from apportion.core.problem import Level, Problem
from apportion.core.year import FiscalYear, parse_date
from apportion.outcome.computation import compute, examine
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import load
from apportion.rules.book import Vocabulary
from apportion.rules.read import parse
from apportion.rules.read.section import HEAD, KEYS
from tests import templates
from tests.drawn import png
from tests.manual import reading
from tests.manual.council import (
    CHARGE,
    PRICES,
    STANDARD,
    SUMS,
    TOTAL,
    Council,
    council,
    is_result,
    split_label,
    varied,
    whole_file,
    yen,
)
from tests.small import save
from tests.workspace import SHIPPED

R7 = FiscalYear(2025)
EXAMPLES = reading.examples()
RUN = [example for example in EXAMPLES if not example.fences[0].path]
FILES = [example for example in EXAMPLES if example.fences[0].path]
VARIANTS = [
    (example, grid, row) for example in RUN for grid in example.variants for row in grid.rows
]
MISTAKES = [(grid, row) for grid in reading.tables(reading.MISTAKES) for row in grid.rows]
WRONG = reading.wrong_fences()
SMALLEST = whole_file("負担割合: 均等割 30% + 人口割 70%\n")


def errors(root: Path) -> list[Problem]:
    return [p for p in examine(load(root, R7)).problems if p.level is Level.ERROR]


def computed(root: Path) -> Outcome:
    assert [str(problem) for problem in errors(root)] == []
    return compute(root, R7)


def codes(outcome: Outcome) -> dict[str, str]:
    return {member.name: member.code for member in outcome.tables.members}


def charged(outcome: Outcome, body: str, line: str = "") -> int:
    return sum(
        charge.yen
        for charge in outcome.charges
        if charge.member.name == body and line in ("", charge.line.name)
    )


def exact(cell: str) -> Fraction:
    """`333,333円と1/3`."""
    whole, _, part = cell.partition("と")
    return yen(whole) + Fraction(part or 0)


def due(outcome: Outcome, body: str, number: int) -> dict[str, int]:
    """Instalments of a body with this number: day and yen."""
    return {
        str(part.day): part.yen
        for part in outcome.instalments_of(codes(outcome)[body])
        if part.number == number
    }


def check_row(outcome: Outcome, label: str, cells: dict[str, str], place: str) -> None:
    """One row of results, cell by cell."""
    name, about = split_label(label)
    for body, cell in cells.items():
        where = (place, label, body)
        if body == TOTAL:
            check_total(outcome, name, cell, cells, where)
        elif name == CHARGE:
            assert charged(outcome, body, about) == yen(cell), where
        elif name == "請求額":
            assert outcome.billed_to(codes(outcome)[body]) == yen(cell), where
        elif name.startswith("第"):
            day = str(parse_date(about))
            assert due(outcome, body, int(name[1])).get(day, 0) == yen(cell), where
        elif name not in SUMS:
            check_position(outcome, name, body, cell, where)


def price_difference(result: LineResult) -> int:
    """What a budget, less what is taken off, has beyond the charges of a 単価方式."""
    case = result.case
    if not case.unit_price or case.line.amount is None:
        return 0
    return case.line.amount - case.excluded - sum(result.yen)


def check_total(
    outcome: Outcome, name: str, cell: str, cells: dict[str, str], where: tuple[str, ...]
) -> None:
    """The last column: a sum of the row, or what belongs to no body."""
    found = {
        "対象額": sum(result.base for result in outcome.results),
        "対象外": sum(result.case.excluded for result in outcome.results),
        "端数未調整額": sum(result.unallocated for result in outcome.results),
        "繰越": sum(result.carried for result in outcome.results),
        PRICES: sum(map(price_difference, outcome.results)),
    }
    if cell:
        of_row = sum(yen(other) for body, other in cells.items() if body != TOTAL)
        assert yen(cell) == found.get(name, of_row), where


def check_position(
    outcome: Outcome, name: str, body: str, cell: str, where: tuple[str, ...]
) -> None:
    """What the result of the first line says of one body."""
    result = outcome.results[0]
    position = result.position_of[codes(outcome)[body]]
    if name == "切捨て後":
        assert result.rounded.cuts[position] == yen(cell), where
    elif name == "正確な額":
        assert result.shares.exact(position) == exact(cell), where
    else:
        drivers = [
            (part.who, driver)
            for part in result.case.parts
            for driver in part.drivers
            if driver.name == name.removesuffix("の値")
        ]
        who, driver = drivers[0]
        value = Fraction(cell.replace(",", ""))
        assert driver.values[who.index(position)] == value, where


def add_stationery(root: Path) -> None:
    """Files under rules/様式 that examples name."""
    seal = root / "rules/様式/公印.png"
    seal.parent.mkdir(parents=True)
    seal.write_bytes(png())
    (seal.parent / "請求書.xlsx").write_bytes(templates.letter())
    (seal.parent / "変更通知書.xlsx").write_bytes(templates.notice())
    (seal.parent / "精算書.xlsx").write_bytes(templates.settled())


def expected_total(rows: list[tuple[str, dict[str, str]]], facts: Council) -> int:
    """What the 収入の部 must say for an example."""
    whole = [cells for label, cells in rows if split_label(label) == (CHARGE, "")]
    if not whole:
        return sum(amount or 0 for amount in facts.budget.values())
    left_open = [yen(cells[TOTAL]) for label, cells in rows if label == PRICES]
    return sum(yen(cell) for body, cell in whole[0].items() if body != TOTAL) + sum(left_open)


def results(table: reading.Grid | None) -> list[tuple[str, dict[str, str]]]:
    if table is None:
        return []
    return [
        (row[0], dict(zip(table.columns, row[1:], strict=True)))
        for row in table.rows
        if is_result(row[0])
    ]


@pytest.mark.parametrize("example", RUN, ids=lambda example: example.place)
def test_example(example: reading.Example, tmp_path: Path) -> None:
    facts = council(example.table)
    rows = results(example.table)
    root = facts.write(tmp_path, whole_file(example.fences[0].text), expected_total(rows, facts))
    add_stationery(root)
    outcome = computed(root)
    for label, cells in rows:
        check_row(outcome, label, cells, example.place)


@pytest.mark.parametrize(
    ("example", "grid", "row"), VARIANTS, ids=[f"{v[1].place}-{v[2][0]}" for v in VARIANTS]
)
def test_variant(
    example: reading.Example, grid: reading.Grid, row: tuple[str, ...], tmp_path: Path
) -> None:
    facts = council(example.table)
    text = varied(whole_file(example.fences[0].text), reading.codes(row[0]))
    cells = dict(zip(grid.columns, row[1:], strict=True))
    charges = {body: cell for body, cell in cells.items() if body in (*facts.bodies, TOTAL)}
    rows = [(CHARGE, charges)] if set(charges) - {TOTAL} else results(example.table)
    outcome = computed(facts.write(tmp_path, text, expected_total(rows, facts)))
    if set(charges) - {TOTAL}:
        check_row(outcome, CHARGE, charges, grid.place)
    for name in cells.keys() - charges.keys() - {"意味"}:
        if name.endswith("の納期限"):
            days = due(outcome, facts.bodies[0], int(name[1]))
            assert list(days) == [str(parse_date(cells[name]))], (grid.place, row)
        else:
            check_row(outcome, name, {TOTAL: cells[name]}, grid.place)


@pytest.mark.parametrize(
    ("grid", "row"), MISTAKES, ids=[f"{m[0].place}-{m[1][0]}" for m in MISTAKES]
)
def test_mistake_and_its_mend(grid: reading.Grid, row: tuple[str, ...], tmp_path: Path) -> None:
    wrong, code, right = row[:3]
    text = varied(SMALLEST, reading.codes(wrong))
    root = STANDARD.write(tmp_path / "wrong", text, 1_000_000)
    assert [problem.code for problem in errors(root)] == [code], grid.place
    mended = reading.codes(right)
    assert mended, grid.place
    root = STANDARD.write(tmp_path / "right", varied(SMALLEST, mended), 1_000_000)
    # What the budget and the 収入の部 say is not the mend's business.
    assert [str(problem) for problem in errors(root) if problem.code not in {"W410", "W415"}] == []


@pytest.mark.parametrize("example", FILES, ids=lambda example: example.place)
def test_files(example: reading.Example, tmp_path: Path) -> None:
    files = reading.base_files() | {fence.path: fence.text for fence in example.fences}
    for name, text in files.items():
        save(tmp_path, name, text)
    outcome = computed(tmp_path)
    for label, cells in results(example.table):
        check_row(outcome, label, cells, example.place)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.fence.place)
def test_wrong(wrong: reading.Wrong, tmp_path: Path) -> None:
    fence = wrong.fence
    if fence.path:
        for name, text in (reading.base_files() | {fence.path: fence.text}).items():
            save(tmp_path, name, text)
    else:
        council(wrong.table).write(tmp_path, whole_file(fence.text), 1_000_000)
    found = errors(tmp_path)
    assert sorted(problem.code for problem in found) == fence.codes, list(map(str, found))
    if wrong.shown is not None:
        assert [str(problem) for problem in found] == [wrong.shown.text.rstrip("\n")]


def test_examples_were_found() -> None:
    assert len(RUN) > 40
    assert len(VARIANTS) > 90
    assert len(MISTAKES) > 25
    assert len(WRONG) > 8
    assert len(FILES) > 5


def test_every_fence_is_run_or_a_screen() -> None:
    fences = [fence for manual in reading.MANUALS for fence in reading.fences(manual)]
    run = {fence for example in EXAMPLES for fence in example.fences}
    run |= {fence for wrong in WRONG for fence in (wrong.fence, wrong.shown) if fence}
    assert [f.place for f in fences if f not in run and reading.SCREEN not in f.words] == []


def test_every_command_shown_exists() -> None:
    screens = [f for m in reading.MANUALS for f in reading.fences(m) if reading.SCREEN in f.words]
    lines = [line for screen in screens for line in screen.text.splitlines()]
    named = re.findall(r"^apportion (\S+)", "\n".join(lines), flags=re.MULTILINE)
    assert len(named) == len(lines) > 3
    assert set(named) <= {name.split()[0] for name in COMMANDS}


def test_clauses_of_ordinances_come_first_and_each_leads_to_its_examples() -> None:
    lines = (SHIPPED / "rules/README.md").read_text(encoding="utf-8").splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("## ")]
    assert lines[heads[0]] == "## 条例の言葉から規則へ"
    assert heads[0] < 30
    found = [
        line
        for line in lines[heads[0] : heads[1]]
        if line.startswith("| ") and "条例・" not in line
    ]
    assert len(found) > 40
    assert [line for line in found if "](#2" not in line.split("|")[3]] == []


def test_every_link_leads_somewhere() -> None:
    seen = 0
    for manual in reading.MANUALS:
        text = reading.running_text(manual)
        headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", name).replace(" ", "-") for name in headings}
        for file, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text):
            seen += 1
            assert ((reading.ROOT / manual).parent / file).exists(), (manual, file)
            assert not anchor or anchor in anchors, (manual, anchor)
    assert seen > 20


def test_every_message_named_exists_with_its_words() -> None:
    for manual in reading.MANUALS:
        named = re.findall(r"W\d{3}", reading.running_text(manual))
        assert set(named) <= set(catalogue.codes())


def test_every_line_in_running_text_can_be_read() -> None:
    """`項目: 値` between the words: no fault but a sum that other lines would complete."""
    keys = {key for block in KEYS.values() for key in block}
    mistaken = {cell for _, row in MISTAKES for cell in reading.codes(row[0])}
    seen = 0
    for manual in reading.MANUALS:
        for cell in reading.codes(reading.running_text(manual)):
            key, colon, value = cell.partition(": ")
            if colon and key in keys and value and cell not in mistaken:
                seen += 1
                assert reads(cell, key), (manual, cell)
    assert seen > 100


def reads(line: str, key: str) -> bool:
    """Whether a line can be read in the head or in one of the blocks that have its key."""
    blocks = [f"■{kind}{'' if kind in ('請求書', '精算') else ' 例'}" for kind in KEYS]
    for kind, block in zip(KEYS, blocks, strict=True):
        if key in KEYS[kind]:
            head = "" if kind == HEAD else "事業: 共通\n年度: 令和7年度\n" + block + "\n"
            _, problems = parse("rules/r7/1.txt", head + line + "\n", Vocabulary())
            place = (head.count("\n") + 1,)
            here = [p for p in problems if (p.source.line,) == place and p.code != "W209"]
            if not [p for p in here if p.code != "W212"]:
                return True
    return False
