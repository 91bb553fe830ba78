"""Why an amount changed: the causes add up, know no order, and are what hand calculation gives."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.why.decompose import causes, whole
from apportion.why.difference import Diff, LineChange, causes_of_all, compare, summed_causes
from apportion.why.switches import CauseKind
from tests import random_council, small
from tests.random_council import Sample, outcome_of, random_pair
from tests.workspace import SHIPPED

PAIRS = 2_000


def year(name: str) -> Outcome:
    found = FiscalYear.parse(name)
    assert found is not None
    return compute(SHIPPED, found)


@pytest.fixture(name="shipped", scope="module", params=[("r3", "r4"), ("r6", "r7")])
def fixture_shipped(request: pytest.FixtureRequest) -> Diff:
    before, after = request.param
    return compare(year(before), year(after))


def of(diff: Diff, member: str, line: str, project: str = "") -> LineChange:
    found = [
        change
        for change in diff.changes
        if change.member.name == member and change.line == line and project in change.project
    ]
    assert len(found) == 1
    return found[0]


def yen(change: LineChange) -> dict[str, int]:
    return {"と".join(k.value for k in cause.kinds): cause.yen for cause in change.causes}


def assert_closed(diff: Diff) -> None:
    """Each line, 事業 and body: causes add up to the difference, and the differences to the charges."""
    for change in diff.changes:
        assert sum(cause.yen for cause in change.causes) == change.yen
        assert sum((cause.exact for cause in change.causes), Fraction(0)) == change.yen
        assert all(abs(cause.yen - cause.exact) < 1 for cause in change.causes)
    for code, own in diff.by_member.items():
        assert sum(change.before for change in own) == _paid(diff.before, code)
        assert sum(change.after for change in own) == _paid(diff.after, code)
        assert sum(c.yen for c in summed_causes(own)) == sum(change.yen for change in own)
    assert sum(c.yen for c in causes_of_all(diff.changes)) == diff.after.total - diff.before.total


def _paid(outcome: Outcome, code: str) -> int:
    return sum(charge.yen for charge in outcome.charges if charge.member.code == code)


def test_the_shipped_years_add_up_for_every_body(shipped: Diff) -> None:
    assert_closed(shipped)
    assert len(shipped.by_member) == 54


# --- worked by hand -------------------------------------------------------------------------------


def test_a_line_with_two_more_bodies_and_another_budget() -> None:
    """システム機能改善経費 of 豊橋市, 12,980千円 ÷ 38 before and 27,344千円 ÷ 40 after.

    budget: half of 14,364,000 × (1/38 + 1/40) = 14,364,000 × 39/1520 = 368,550
    bodies: half of 40,324,000 × (1/40 - 1/38) = -40,324,000/1520 = -26,528.947…
    rounding: 683,600 - 683,600 less 341,579 - 341,578.947… = -0.0526…
    Cut towards zero they are 368,550, -26,528 and 0; the yen that is missing goes to -0.947….
    """
    change = of(compare(year("r6"), year("r7")), "豊橋市", "システム機能改善経費", "物品等")
    assert {cause.kinds: cause.exact for cause in change.causes} == {
        (CauseKind.BUDGET,): Fraction(368_550),
        (CauseKind.BODIES,): Fraction(-40_324_000, 1520),
        (CauseKind.ROUNDING,): Fraction(12_980_000, 38) - 341_579,
    }
    assert yen(change) == {"予算額": 368_550, "参加団体の出入り": -26_529, "端数": 0}


def test_a_rule_with_a_cap_that_binds() -> None:
    """運用支援業務等 of 春日井市: 2,572,667円 before, held at 115 % (2,958,567円) after.

    Population 308,681 of 2,757,706 in 40 towns. Before: (1/80 + p/2) of 45,727,000.
    budget: with the rule of before it falls with the budget, by 1,017,000 × (1/80 + p/2); with the
    cap it stays at 2,958,567, as 45,727,000 × (0.3/40 + 0.7 p) is above the cap as well.
    """
    diff = compare(year("r6"), year("r7"))
    change = of(diff, "春日井市", "運用支援業務等")
    tables = diff.after.tables
    populations = {c: int(v) for c, v in tables.figures[0].values.items()}
    inside = tables.roster_by_name["施設予約"].entries
    part = Fraction(populations[change.member.code], sum(populations[code] for code in inside))
    before = Fraction(1, 80) + part / 2
    assert 44_710_000 * (Fraction(3, 400) + part * Fraction(7, 10)) > 2_958_567
    found = {cause.kinds: cause.exact for cause in change.causes}
    assert found[CauseKind.BUDGET,] == -1_017_000 * before / 2
    assert found[CauseKind.RULE,] == 2_958_567 - 45_727_000 * before + 1_017_000 * before / 2
    assert yen(change) == {"規則": 414_509, "予算額": -28_609, "端数": 0}


THREE = "負担割合: 均等割 50% + 人口割 50%"


def three(**changed: object) -> Sample:
    people = {"あおば市": 100, "みどり町": 100, "こだま村": 100}
    return Sample(
        **{
            "year": random_council.R6,
            "rules": {"運用": (THREE,)},
            "amounts": {"運用": 1_000_000},
            "added": {"運用": 0},
            "bodies": dict.fromkeys(people, "○"),
            "figures": {
                name: {"人口": people.get(name, 1), "件数": 1, "加算額": 0}
                for name in random_council.NAMES
            },
            **changed,  # type: ignore[arg-type]
        }
    )


def test_three_causes_that_work_on_one_another() -> None:
    """Budget 1,000,000 → 1,200,000, 均等割 50% + 人口割 50% → 人口割, own figure 100 → 200 (of 300, 400).

    With p a third and then a half, the share is 1/6 + p/2 before and p after. In units of 1,000円
    with (budget, rule, figure) as before (0) or after (1):

        000 1000/3   100 400   010 1000/3   001 1250/3   110 400   101 500   011 500   111 600

    budget: (400 - 1000/3)/3 + (400 - 1000/3 + 500 - 1250/3)/6 + (600 - 500)/3 = 725/9
    rule:   0/3 + (400 - 400 + 500 - 1250/3)/6 + (600 - 500)/3               = 425/9
    figure: (1250/3 - 1000/3)/3 + (500 - 400 + 500 - 1000/3)/6 + (600 - 400)/3 = 1250/9

    rounding: 600,000 exactly after; before, あおば市 (the smallest code) got the yen of 333,333 1/3 that
    was left: -2/3. Cut: 80,555, 47,222, 138,888, 0; one yen is missing, for 8/9 of the figure.
    One order alone (budget first) would give the budget 200/3, the reverse 100: their mean is 250/3.
    """
    after = three(
        year=random_council.R7,
        rules={"運用": ("負担割合: 人口割",)},
        amounts={"運用": 1_200_000},
        figures={
            **three().figures,
            "あおば市": {"人口": 200, "件数": 1, "加算額": 0},
        },
    )
    change = of(compare(made(three()), made(after)), "あおば市", "運用")
    assert {cause.kinds: cause.exact for cause in change.causes} == {
        (CauseKind.BUDGET,): Fraction(725_000, 9),
        (CauseKind.RULE,): Fraction(425_000, 9),
        (CauseKind.OWN_FIGURE,): Fraction(1_250_000, 9),
        (CauseKind.ROUNDING,): Fraction(-2, 3),
    }
    assert yen(change) == {"自団体の数値": 138_889, "予算額": 80_555, "規則": 47_222, "端数": 0}


def made(sample: Sample) -> Outcome:
    found = outcome_of(sample)
    assert found is not None
    return found


# --- properties -----------------------------------------------------------------------------------


def outcomes(seeds: range) -> list[tuple[Outcome, Outcome]]:
    found = [tuple(map(outcome_of, random_pair(seed))) for seed in seeds]
    return [(a, b) for a, b in found if a and b]


@pytest.fixture(name="pairs", scope="module")
def fixture_pairs() -> list[tuple[Outcome, Outcome]]:
    found: list[tuple[Outcome, Outcome]] = []
    start = 0
    while len(found) < PAIRS:
        found += outcomes(range(start, start + 500))
        start += 500
    return found[:PAIRS]


def summary(diff: Diff) -> dict[tuple[str, str], dict[tuple[CauseKind, ...], tuple[Fraction, int]]]:
    return {
        (c.member.code, c.line): {x.kinds: (x.exact, x.yen) for x in c.causes} for c in diff.changes
    }


def test_random_pairs_add_up(pairs: list[tuple[Outcome, Outcome]]) -> None:
    seen: set[CauseKind] = set()
    joined = 0
    for before, after in pairs:
        diff = compare(before, after)
        assert_closed(diff)
        found = [cause.kinds for change in diff.changes for cause in change.causes]
        seen.update(kind for kinds in found for kind in kinds)
        joined += any(len(kinds) > 1 for kinds in found)
    assert seen == set(list(CauseKind)[:8])
    assert joined  # where a floor of one side asks for more than the budget of the other


def test_swapped_sides_swap_every_sign(pairs: list[tuple[Outcome, Outcome]]) -> None:
    for before, after in pairs[:200]:
        back = summary(compare(after, before))
        for key, found in summary(compare(before, after)).items():
            assert back[key] == {kinds: (-exact, -own) for kinds, (exact, own) in found.items()}


def test_a_year_against_itself_changes_nothing(
    shipped: Diff, pairs: list[tuple[Outcome, Outcome]]
) -> None:
    sides = [shipped.after, *(side for pair in pairs[:200] for side in pair)]
    for side in sides:
        assert not any(change.causes or change.yen for change in compare(side, side).changes)


def test_names_and_their_order_change_nothing() -> None:
    renamed = {
        "運用": "ん運用",
        "事務費": "い事務費",
        "あおば市": "んあおば市",
        "みどり町": "あみどり町",
    }
    tried = 0
    for seed in range(150):
        sides = random_pair(seed)
        others = [
            replace(
                side,
                names=renamed,
                project="別の名前の事業",
                rules=dict(list(side.rules.items())[::-1]),
                bodies=dict(list(side.bodies.items())[::-1]),
            )
            for side in sides
        ]
        one, two = [tuple(map(outcome_of, pair)) for pair in (sides, others)]
        if one[0] is None or one[1] is None or two[0] is None or two[1] is None:
            continue
        tried += 1
        expected = summary(compare(one[0], one[1]))
        found = summary(compare(two[0], two[1]))
        assert found == {(code, renamed[line]): own for (code, line), own in expected.items()}
    assert tried > 80


def test_a_cause_that_did_not_change_has_no_share() -> None:
    """One thing changes at a time: it is the only cause beside 端数."""
    tried: set[CauseKind] = set()
    for seed in range(150):
        before, after = random_pair(seed)
        for kind, changed in (
            (CauseKind.BUDGET, replace(before, amounts=after.amounts)),
            (CauseKind.RULE, replace(before, rules=after.rules, low=after.low, past=after.past)),
            (
                CauseKind.REVISION,
                replace(before, added={k: v and 50_000 for k, v in before.amounts.items()}),
            ),
            (CauseKind.BODIES, replace(before, bodies=dict.fromkeys(after.bodies, "○"))),
        ):
            start = replace(before, bodies=dict.fromkeys(before.bodies, "○"))
            end = changed if kind is CauseKind.BODIES else replace(changed, bodies=start.bodies)
            one, two = outcome_of(start), outcome_of(end)
            if one is None or two is None:
                continue
            found = {k for c in compare(one, two).changes for x in c.causes for k in x.kinds}
            assert found <= {kind, CauseKind.ROUNDING}, (seed, kind)
            tried |= found
    assert tried >= {CauseKind.BUDGET, CauseKind.RULE, CauseKind.REVISION, CauseKind.BODIES}


def test_shares_are_those_of_every_order_of_whole_councils() -> None:
    """The oracle: a council is mixed as a whole and computed, and every order of changes walked."""
    compared: set[CauseKind] = set()
    for seed in range(40):
        before, after = random_pair(seed)
        # A part year has no place in a council that is mixed as a whole.
        before = replace(before, bodies=dict.fromkeys(before.bodies, "○"))
        after = replace(after, bodies=dict.fromkeys(after.bodies, "○"))
        first, last = outcome_of(before), outcome_of(after)
        if first is None or last is None:
            continue
        for change in compare(first, last).changes[::3]:
            if 0 in {before.amounts[change.line], after.amounts[change.line]}:
                continue  # the rule of a line of 0円 decides nothing
            found = {
                c.kinds[0]: c.exact for c in change.causes if c.kinds[0] is not CauseKind.ROUNDING
            }
            expected = _by_orders(before, after, change)
            assert found == {kind: share for kind, share in expected.items() if share}, seed
            compared |= found.keys()
    assert compared == set(list(CauseKind)[:6])


def _by_orders(before: Sample, after: Sample, change: LineChange) -> dict[CauseKind, Fraction]:
    known: dict[frozenset[CauseKind], Fraction] = {}

    def exact(thrown: frozenset[CauseKind]) -> Fraction:
        if thrown not in known:
            mixed = made(_mixed(before, after, thrown, change.member.name))
            own = [
                charge.exact
                for charge in mixed.charges
                if charge.member.code == change.member.code and charge.line.name == change.line
            ]
            known[thrown] = sum(own, Fraction(0))
        return known[thrown]

    kinds = list(CauseKind)[:6]
    orders = list(permutations(kinds))
    shares = dict.fromkeys(kinds, Fraction(0))
    for order in orders:
        for place, kind in enumerate(order):
            shares[kind] += exact(frozenset(order[: place + 1])) - exact(frozenset(order[:place]))
    return {kind: share / len(orders) for kind, share in shares.items()}


def _mixed(before: Sample, after: Sample, thrown: frozenset[CauseKind], own: str) -> Sample:
    """Before, with what is thrown as it is after; `own` is whose figures are its own."""

    def side(kind: CauseKind) -> Sample:
        return after if kind in thrown else before

    rules = side(CauseKind.RULE)
    figures = {
        name: side(CauseKind.OWN_FIGURE if name == own else CauseKind.OTHER_FIGURES).figures[name]
        for name in before.figures
    }
    return replace(
        before,
        rules=rules.rules,
        low=rules.low,
        past=rules.past,
        amounts=side(CauseKind.BUDGET).amounts,
        added=side(CauseKind.REVISION).added,
        bodies=side(CauseKind.BODIES).bodies,
        figures=figures,
    )


# --- the pure arithmetic --------------------------------------------------------------------------


def test_whole_units_go_to_the_largest_remainders_whatever_the_sign() -> None:
    parts = [Fraction(5, 3), Fraction(2, 3), Fraction(-1, 3)]
    assert whole(parts, 2) == [2, 0, 0]
    assert whole([-part for part in parts], -2) == [-2, 0, 0]
    assert whole([Fraction(1, 2), Fraction(1, 2), Fraction(-1)], 0) == [1, 0, -1]
    assert whole([Fraction(-1, 2), Fraction(-1, 2), Fraction(1)], 0) == [-1, 0, 1]


def test_switches_are_joined_where_a_state_has_no_value() -> None:
    """c is only known with b: `b` and `c` are one, `a` stays by itself."""

    def value(state: frozenset[str]) -> Fraction | None:
        if ("b" in state) != ("c" in state):
            return None
        return Fraction(10 * ("a" in state) + 4 * ("b" in state) + 6 * ({"a", "b"} <= state))

    assert causes("abc", value) == {("a",): Fraction(13), ("b", "c"): Fraction(7)}


def test_a_rule_with_a_new_figure_is_joined_with_the_figures(tmp_path: Path) -> None:
    """件数 has no column before: the rule and the figure can only be changed together."""
    before = small.run(
        small.write(
            tmp_path / "a",
            "■経費 運用\n負担割合: 人口割\n",
            {"運用": 1_000},
            {"あおば市": {"人口（人）": 1}, "みどり町": {"人口（人）": 3}},
        )
    )
    after = small.run(
        small.write(
            tmp_path / "b",
            "■経費 運用\n負担割合: 件数割\n",
            {"運用": 2_000},
            {
                "あおば市": {"人口（人）": 1, "件数（件）": 1},
                "みどり町": {"人口（人）": 3, "件数（件）": 1},
            },
        )
    )
    change = of(compare(before, after), "あおば市", "運用")
    joined = (CauseKind.RULE, CauseKind.OWN_FIGURE, CauseKind.OTHER_FIGURES)
    assert {cause.kinds: cause.yen for cause in change.causes} == {
        joined: 375,
        (CauseKind.BUDGET,): 375,
    }
