"""Faults planted in the engine: each turns a named equation or the golden amounts red."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from apportion.allocate.case import Case, LineResult
from apportion.allocate.engine import Rounder, share_out
from apportion.core.problem import Findings, ReconciliationError
from apportion.core.year import FiscalYear
from apportion.outcome import charging
from apportion.outcome.computation import compute
from apportion.pipeline import run
from tests.golden.test_golden import computed, derived
from tests.workspace import SHIPPED

R7 = FiscalYear(2025)

ShareOut = Callable[[Case, Findings, Rounder | None], LineResult]


def shifted(result: LineResult, *moves: tuple[int, int]) -> LineResult:
    """The result with yen added at positions."""
    yen = list(result.rounded.yen)
    for position, amount in moves:
        yen[position] += amount
    return replace(result, rounded=replace(result.rounded, yen=tuple(yen)))


def broken(fault: Callable[[LineResult], LineResult]) -> ShareOut:
    def shared(case: Case, findings: Findings, rounder: Rounder | None = None) -> LineResult:
        return fault(share_out(case, findings, rounder))

    return shared


def between_members(name: str) -> Callable[[LineResult], LineResult]:
    """A yen from the last but one to the last member of a line."""

    def fault(result: LineResult) -> LineResult:
        return shifted(result, (-1, 1), (-2, -1)) if result.case.line.name == name else result

    return fault


def between_lines(result: LineResult) -> LineResult:
    moved = {"第四期サービス利用料": 1, "その他運営経費": -1}.get(result.case.line.name, 0)
    return shifted(result, (3, moved)) if moved else result


def test_a_yen_moved_between_two_members_turns_the_golden_amounts_red(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    golden = derived("r7")
    assert computed(compute(SHIPPED, R7)) == golden
    monkeypatch.setattr(charging, "share_out", broken(between_members("運用支援業務等")))
    assert computed(compute(SHIPPED, R7)) != golden


def test_a_yen_moved_between_two_lines_turns_named_equations_red(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(charging, "share_out", broken(between_lines))
    with pytest.raises(ReconciliationError) as caught:
        compute(SHIPPED, R7)
    told = str(caught.value).splitlines()
    assert len(told) >= 2
    assert any(
        "電子調達（CALS/EC）事業／第四期サービス利用料: 団体の負担金の計 = 予算額" in line
        and "差 1円" in line
        for line in told
    )
    assert any("その他運営経費" in line and "差 -1円" in line for line in told)


def test_a_false_equation_writes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(charging, "share_out", broken(between_lines))
    with pytest.raises(ReconciliationError):
        run(SHIPPED, R7, out=tmp_path / "r7")
    assert list(tmp_path.iterdir()) == []
