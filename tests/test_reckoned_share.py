"""`小さい方（予算額、需要額の計）を 需要額割`: what a line shares, as a formula. Worked out in fractions."""

from fractions import Fraction
from pathlib import Path

import pytest

from apportion.explain import explain
from apportion.explain.record import record
from apportion.outcome.computation import examine
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import load
from apportion.pipeline import run, verify
from apportion.rules.tell.chapters import matrix
from tests import recompute, small
from tests.small import R7

NEED = "需要額（千円、令和7年度算定）"
BODIES = {"あおば市": {NEED: 500}, "みどり町": {NEED: 300}, "こだま村": {NEED: 100}}
NEEDS = {name: 1_000 * own[NEED] for name, own in BODIES.items()}
TOTAL = sum(NEEDS.values())
RULES = "■経費 事務費\n負担割合: {}を 需要額割\n負担割合: 残りを 均等割 20% + 需要額割 80%\n"


def by_need(amount: int | Fraction) -> dict[str, Fraction]:
    return {name: Fraction(amount) * need / TOTAL for name, need in NEEDS.items()}


def expected(first: Fraction, budget: int) -> dict[str, Fraction]:
    rest = budget - first
    return {
        name: yen + rest / 5 / 3 + by_need(rest * 4 / 5)[name]
        for name, yen in by_need(first).items()
    }


def outcome(root: Path, share: str, budget: int) -> Outcome:
    return small.run(small.write(root, RULES.format(share), {"事務費": budget}, BODIES))


@pytest.mark.parametrize(
    ("share", "budget", "first"),
    [
        ("小さい方（予算額、需要額の計）", 1_000_000, Fraction(900_000)),
        ("小さい方（予算額、需要額の計）", 800_001, Fraction(800_001)),
        ("小さい方（需要額の計 × 1/2、300千円、予算額）", 1_000_000, Fraction(300_000)),
        ("大きい方（予算額 × 1/3、需要額の計 ÷ 10）", 1_000_000, Fraction(1_000_000, 3)),
        ("平均（予算額、需要額の計）", 1_000_000, Fraction(950_000)),
        ("小さい方（予算額、需要額の計） - 100千円", 1_000_000, Fraction(800_000)),
    ],
)
def test_the_smaller_of_two_amounts_is_shared_first(
    share: str, budget: int, first: Fraction, tmp_path: Path
) -> None:
    found = outcome(tmp_path, share, budget)
    assert {c.member.name: c.exact for c in found.charges} == expected(first, budget)
    for member in found.tables.members:
        told = record(explain(found, member, found.results))["projects"][0]["charges"]
        assert [recompute.charge(charge) for charge in told] == [found.total_of(member.code)]


def test_each_line_has_its_own_budget(tmp_path: Path) -> None:
    rules = RULES.format("小さい方（予算額、需要額の計）").replace("事務費", "事務費、会議費")
    budget = {"事務費": 1_000_000, "会議費": 600_000}
    found = small.run(small.write(tmp_path, rules, budget, BODIES))
    exact: dict[str, dict[str, Fraction]] = {}
    for charge in found.charges:
        exact.setdefault(charge.line.name, {})[charge.member.name] = charge.exact
    assert exact == {
        "事務費": expected(Fraction(900_000), 1_000_000),
        "会議費": expected(Fraction(600_000), 600_000),
    }


def test_every_paper_closes_and_the_rules_are_told(tmp_path: Path) -> None:
    small.write(
        tmp_path, RULES.format("小さい方（予算額、需要額の計）"), {"事務費": 1_000_000}, BODIES
    )
    found = run(tmp_path, R7)
    assert verify(tmp_path / "outputs/r7", tmp_path)[0] == ()
    assert [row.share for row in matrix(found.book)] == ["小さい方（予算額、需要額の計）", "残り"]


def test_the_words_of_an_ordinance_are_mended(tmp_path: Path) -> None:
    share = "予算額と需要額の計のいずれか少ない額"
    small.write(tmp_path, RULES.format(share), {"事務費": 1_000_000}, BODIES)
    fixes = [p.fix for p in examine(load(tmp_path, R7)).problems]
    assert any(fix.endswith("負担割合: 小さい方（予算額、需要額の計）を 需要額割") for fix in fixes)


def test_more_than_there_is_is_refused(tmp_path: Path) -> None:
    rules = RULES.format("大きい方（予算額、需要額の計）")
    small.write(tmp_path, rules, {"事務費": 500_000}, BODIES)
    assert "W502" in {p.code for p in examine(load(tmp_path, R7)).problems}
