"""The two example files of the language's own description, computed with the published budget."""

import csv
from fractions import Fraction

import pytest

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from tests.small import save
from tests.unit.rules.test_language_examples import CALS, COMMON
from tests.workspace import SHIPPED

PROJECT = "電子調達（CALS/EC）事業"
SERVICE = "第四期サービス利用料"


def rows(name: str) -> list[list[str]]:
    with (SHIPPED / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The one 事業 of the example, alone in a workspace with the shipped tables."""
    root = tmp_path_factory.mktemp("page")
    for name in ("budget", "income"):
        head, *lines = rows(f"rules/r7/{name}.csv")
        own = [line for line in lines if line[1] == PROJECT]
        text = "\n".join(",".join(line) for line in [head, *own])
        save(root, f"rules/r7/{name}.csv", text + "\n")
    for name in ("members/members.csv", "members/r7/roster.csv", "members/r7/figures.csv"):
        save(root, name, (SHIPPED / name).read_text("utf-8-sig"))
    save(root, "rules/r7/00_common.txt", COMMON)
    save(root, "rules/r7/30_cals.txt", CALS)
    return compute(root, FiscalYear(2025))


def points(population: int) -> int:
    """人口区分割 as the page prints it."""
    steps = ((10_000, 1), (30_000, 2), (50_000, 3), (100_000, 4), (300_000, 6))
    return next((value for below, value in steps if population < below), 10)


def towns() -> dict[str, int]:
    """Points of the municipalities in the roster, from the tables as they stand."""
    head, *lines = rows("members/r7/roster.csv")
    listed = {line[0] for line in lines if line[head.index("電子調達CALS")] == "○"}
    people = {line[0]: line[2] for line in rows("members/r7/figures.csv")[1:]}
    return {code: points(int(people[code])) for code in listed - {"230006"}}


def test_the_service_fee_is_shared_as_the_page_says(outcome: Outcome) -> None:
    # 122,166千円: the prefecture half of it, the other half 30% by heads and 70% by points
    half, own = Fraction(61_083_000), towns()
    assert len(own) == 49
    expected = {
        code: half * 3 / 10 / 49 + half * 7 / 10 * value / sum(own.values())
        for code, value in own.items()
    }
    charges = [charge for charge in outcome.charges if charge.line.name == SERVICE]
    assert {c.member.code: c.exact for c in charges} == {"230006": half, **expected}
    assert sum(charge.yen for charge in charges) == 122_166_000
    assert all(0 <= abs(charge.yen - charge.exact) < 1 for charge in charges)


def test_the_other_lines_are_shared_equally(outcome: Outcome) -> None:
    vpn = {c.yen for c in outcome.charges if c.line.name == "インターネットVPN接続費用"}
    assert vpn == {744_000 // 24}
    others = [
        c for c in outcome.charges if c.line.name not in {SERVICE, "インターネットVPN接続費用"}
    ]
    by_code: dict[str, int] = {}
    for charge in others:
        by_code[charge.member.code] = by_code.get(charge.member.code, 0) + charge.yen
    assert set(by_code.values()) == {18_137_000 // 50}
    assert outcome.total == 141_047_000


def test_the_first_instalment_is_half(outcome: Outcome) -> None:
    for code in outcome.by_member:
        first, second = outcome.instalments_of(code)
        assert (str(first.day), str(second.day)) == ("2025-07-31", "2026-01-30")
        assert first.yen == outcome.total_of(code) // 2
