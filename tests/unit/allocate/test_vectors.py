"""Published contribution tables of two international bodies, reproduced by the exact engine."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from apportion.allocate.arith import cut_decimals
from apportion.allocate.bounds import BoundedMember, fill
from apportion.allocate.rounding import RestRule, close, cut_all, from_exact
from apportion.rules.nodes import Decimals, Mode

FOLDER = Path(__file__).parents[2] / "vectors"
CASES = [
    pytest.param(case, budget, id=f"{case['id']} {budget['label']}")
    for name in ("mlf_cap22.json", "cbd_cop16.json")
    for case in json.loads((FOLDER / name).read_text(encoding="utf-8"))["cases"]
    for budget in case["budgets"]
]


def exact_amounts(case: dict[str, Any], budget: dict[str, Any]) -> list[Fraction]:
    """Weights within caps and fixed percentages, then (two-stage rounding) percent by percent."""
    size = len(case["members"])
    fixed = case.get("fixed_pct") or [None] * size
    caps = case.get("cap_pct") or [None] * size
    slots = [
        BoundedMember(
            Fraction(weight),
            None if fix is None else Fraction(fix),
            None if cap is None and fix is None else Fraction(fix or cap),
        )
        for weight, fix, cap in zip(case["weights"], fixed, caps, strict=True)
    ]
    percents = fill(slots, Fraction(100))
    assert isinstance(percents, list)
    if "pct_round" in budget:
        decimals = Decimals(digits=budget["pct_round"], mode=Mode.HALF_UP)
        percents = [cut_decimals(percent, decimals) for percent in percents]
    return [percent * Fraction(budget["total"]) / 100 for percent in percents]


@pytest.mark.parametrize(("case", "budget"), CASES)
def test_each_rounded_alone_gives_the_published_amounts(
    case: dict[str, Any], budget: dict[str, Any]
) -> None:
    shares = from_exact(exact_amounts(case, budget))
    alone = cut_all(shares, 1, Mode.HALF_UP)
    skipped = set(budget.get("not_reproduced", ()))
    expected = dict(zip(case["members"], map(int, budget["published"]), strict=True))
    found = dict(zip(case["members"], alone, strict=True))
    assert {m: yen for m, yen in found.items() if m not in skipped} == {
        m: yen for m, yen in expected.items() if m not in skipped
    }


@pytest.mark.parametrize(
    ("case", "budget"),
    [c for c in CASES if "expected_to_total" in c.values[1]],  # type: ignore[operator]
)
@pytest.mark.parametrize("mode", list(Mode))
def test_largest_remainder_closes_to_the_total(
    case: dict[str, Any], budget: dict[str, Any], mode: Mode
) -> None:
    total = int(budget["total"])
    shares = from_exact(exact_amounts(case, budget), total)
    rounded = close(shares, cut_all(shares, 1, mode), total, 1, RestRule())
    assert list(rounded.yen) == [int(yen) for yen in budget["expected_to_total"]]
    assert sum(rounded.yen) == total
