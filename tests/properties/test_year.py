"""A year by chance: any budget, 納期, 補正 and days of joining. What closes, stays and does not depend on order."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apportion.outcome.outcome import Outcome
from apportion.outcome.reconcile import reread
from tests.small import revise, run, run_edition, write, yen

FIRST_DAY, DAYS = date(2025, 4, 1), 364
BODIES = ("あおば市", "みどり町", "こだま村")
PEOPLE = "人口（人、令和2年10月1日現在）"
DAY = st.integers(0, DAYS).map(lambda days: FIRST_DAY + timedelta(days=days))
METHODS = ("月割（参加した月を含む）", "月割（翌月から）", "日割")
SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


class Year(NamedTuple):
    """A council of one 事業 with two 経費; a 補正 is (day, yen of each 経費)."""

    rules: str
    budget: dict[str, int]
    people: tuple[int, ...]
    cells: tuple[str, ...]
    changes: tuple[tuple[date, tuple[int, int]], ...]


def wareki(day: date) -> str:
    return f"R{day.year - 2018}.{day.month}.{day.day}"


@st.composite
def plans(draw: st.DrawFn) -> str:
    """納期 of one to four instalments that make 100%, with 期割の端数 and 休日."""
    days = sorted(draw(st.lists(DAY, min_size=1, max_size=4, unique=True)))
    parts = draw(st.lists(st.integers(1, 30), min_size=len(days), max_size=len(days)))
    shares = [f"{part}%" for part in parts[:-1]]
    last = draw(st.sampled_from(["残り", f"{100 - sum(parts[:-1])}%"]))
    dues = [
        f"第{number}期 {wareki(day)} {share}"
        for number, (day, share) in enumerate(zip(days, [*shares, last], strict=True), start=1)
    ]
    over = draw(st.sampled_from(["", "、年額50円超に限る", "、年額500円超に限る"]))
    unit = draw(st.sampled_from(["円", "10円", "100円"]))
    mode = draw(st.sampled_from(["切捨て", "切上げ", "四捨五入"]))
    taker = draw(st.sampled_from(["第1期", "最終期"]))
    moved = draw(st.sampled_from(["翌営業日", "前営業日", "そのまま"]))
    rounding = f"期割の端数: {unit}未満{mode}、差額は{taker}\n" if last != "残り" else ""
    return f"納期: {'、'.join(dues)}{over}\n{rounding}休日: {moved}\n"


@st.composite
def years(draw: st.DrawFn) -> Year:
    budget = {"事務費": draw(st.integers(0, 3_000)), "保守費": draw(st.integers(0, 3_000))}
    days = sorted(draw(st.lists(DAY, min_size=1, max_size=3, unique=True)))
    left, changes = list(budget.values()), []
    for day in days:
        change = tuple(draw(st.integers(-yen, 900) | st.just(-yen)) for yen in left)
        left = [yen + own for yen, own in zip(left, change, strict=True)]
        changes.append((day, (change[0], change[1])))
    cell = st.one_of(st.just("○"), DAY.map(lambda day: f"{wareki(day)}から"))
    cells = ("○", draw(cell), draw(DAY.map(lambda day: f"{wareki(day)}まで") | st.just("○")))
    rules = (
        f"基礎数値: 人口（令和2年10月1日現在）\n{draw(plans())}"
        f"途中参加: {draw(st.sampled_from(METHODS))}、減った分は他の団体で負担\n"
        "\n■経費 事務費\n負担割合: 均等割\n\n■経費 保守費\n負担割合: 均等割 30% + 人口割 70%\n"
    )
    people = tuple(draw(st.lists(st.integers(1, 99_999), min_size=3, max_size=3)))
    return Year(rules, budget, people, cells, tuple(changes))


def council(year: Year, changes: Sequence[tuple[date, tuple[int, int]]], root: Path) -> Path:
    figures = {name: {PEOPLE: n} for name, n in zip(BODIES, year.people, strict=True)}
    rosters = {"途中": dict(zip(BODIES, year.cells, strict=True))}
    write(root, year.rules, year.budget, figures, rosters=rosters)
    path = root / "rules/r7/10.txt"
    text = path.read_text(encoding="utf-8").replace("名簿: 全団体名簿", "名簿: 途中")
    path.write_text(text, encoding="utf-8")
    for number, (day, (office, care)) in enumerate(changes, start=1):
        revise(root, number, {"事務費": office, "保守費": care}, day=wareki(day))
    return root


def outcomes(year: Year, root: Path) -> list[Outcome]:
    """The first budget and every 補正 after it."""
    council(year, year.changes, root)
    return [run(root), *(run_edition(root, n) for n in range(1, len(year.changes) + 1))]


@SLOW
@given(years())
def test_every_sum_closes_after_every_revision(year: Year) -> None:
    """Equations are proved by the program; here the same is added up from the plain numbers."""
    with TemporaryDirectory() as folder:
        for number, outcome in enumerate(outcomes(year, Path(folder))):
            budget = sum(year.budget.values())
            budget += sum(sum(change) for _, change in year.changes[:number])
            assert outcome.total == budget == sum(map(reread, outcome.tables.income))
            assert sum(part.yen for part in outcome.instalments) == budget
            for code in outcome.billed:
                parts = [part.yen for part in outcome.instalments_of(code)]
                assert sum(parts) == outcome.total_of(code)


@SLOW
@given(years())
def test_what_fell_due_never_moves(year: Year) -> None:
    with TemporaryDirectory() as folder:
        made = outcomes(year, Path(folder))
        for (day, _), before, after in zip(year.changes, made, made[1:], strict=False):
            due = {part for part in before.instalments if part.day and part.day <= day}
            assert due <= set(after.instalments)
            late = set(after.instalments) - due
            assert all(part.day is None or part.day > day for part in late)


@SLOW
@given(years())
def test_only_the_last_instalment_can_be_paid_back(year: Year) -> None:
    """△ stands alone, behind nothing else to pay."""
    with TemporaryDirectory() as folder:
        first, *others = outcomes(year, Path(folder))
        assert all(part.yen >= 0 for part in first.instalments)
        for outcome in others:
            for code in outcome.billed:
                open_parts = [
                    part.yen
                    for part in outcome.instalments_of(code)
                    if outcome.revision and part not in outcome.revision.stays
                ]
                assert all(part >= 0 for part in open_parts[:-1])
                if open_parts and open_parts[-1] < 0:
                    assert not any(open_parts[:-1])


@SLOW
@given(years(), st.randoms(use_true_random=False))
def test_the_order_of_the_events_does_not_change_the_year(year: Year, random: object) -> None:
    """The same changes on the same days in another order: the same yearly amounts at the end."""
    other = list(year.changes)
    random.shuffle(other)  # type: ignore[attr-defined]
    days = [day for day, _ in year.changes]
    allowed = [(day, change) for day, (_, change) in zip(days, other, strict=True)]
    if not possible(year, allowed):
        return
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        last = len(year.changes)
        first = run_edition(council(year, year.changes, Path(one)), last)
        second = run_edition(council(year, allowed, Path(two)), last)
        assert yen(first) == yen(second)


def possible(year: Year, changes: Sequence[tuple[date, tuple[int, int]]]) -> bool:
    """Whether no amount falls below 0 on the way."""
    left = list(year.budget.values())
    for _, change in changes:
        left = [yen + own for yen, own in zip(left, change, strict=True)]
        if min(left) < 0:
            return False
    return True
