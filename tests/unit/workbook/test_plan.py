"""What the invoices share: integer steps that are exact, and formulas that anyone can follow."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apportion.outcome import Outcome
from apportion.problem import ReconciliationError
from apportion.workbook.plan import Plan, plan
from apportion.workbook.plan_columns import Column, Columns
from apportion.workbook.plan_layout import Line
from apportion.workbook.plan_products import LIMB, limb_column, limbs
from apportion.workbook.plan_rows import Row
from apportion.workbook.plan_sharing import MOST_WEIGHT
from apportion.workbook.plan_spread import Spread, spread
from tests.unit.workbook.odd_council import odd_council

VALUES = {
    "財政規模": "重みの合計が大きく、表計算では正確に計算できないため",
    "千円単位": "端数の単位が1,000円のため",
    "四捨五入": "端数を四捨五入で処理するため",
    "四捨五入と加減": "端数を四捨五入で処理するため",
    "小さい順": "差額を「金額の小さい順」で処理するため",
    "未調整": "差額を「調整しない」で処理するため",
    "基準ごと": "端数を基準ごとに処理するため",
    "返還": "配分する金額が正でないため",
    "繰越": "途中参加による繰越があり、配分総額に円未満の端数があるため",
    "単価": "配分ではなく単価から計算する経費のため",
}
ORDINARY = st.lists(st.integers(0, 10**6), min_size=1, max_size=8)
TIED = st.lists(st.integers(0, 3), min_size=1, max_size=8)
NEARLY_EQUAL = st.lists(st.integers(10**9 - 2, 10**9), min_size=1, max_size=4)
WEIGHTS = st.one_of(ORDINARY, TIED, NEARLY_EQUAL).filter(any)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return odd_council(tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="module")
def drawn(outcome: Outcome) -> Plan:
    return plan(outcome)


def by_name(drawn: Plan) -> dict[str, tuple[Line, Row]]:
    charged = drawn.layout.charged
    return {line.result.case.line.name: (line, drawn.rows[line.number]) for line in charged}


def column(drawn: Plan, name: str) -> Column:
    return next(column for column in drawn.columns if column.name == name)


@given(total=st.integers(0, 10**12), weights=WEIGHTS)
def test_steps_are_floor_and_remainder_of_the_exact_share(total: int, weights: list[int]) -> None:
    steps = spread(total, weights, None)
    for place, weight in enumerate(weights):
        exact = Fraction(total * weight, sum(weights))
        assert steps.cuts[place] == floor(exact)
        assert Fraction(steps.remainders[place], steps.whole) == exact - floor(exact)


@given(total=st.integers(0, 10**12), weights=WEIGHTS)
def test_the_yen_left_over_go_to_the_largest_remainders(total: int, weights: list[int]) -> None:
    steps = spread(total, weights, None)
    assert sum(steps.cuts) + sum(steps.added) == total
    order = sorted(
        (place for place in range(len(weights)) if weights[place]),
        key=lambda place: (
            floor(Fraction(total * weights[place], sum(weights)))
            - Fraction(total * weights[place], sum(weights)),
            -weights[place],
            place,
        ),
    )
    receivers = [place for place, yen in enumerate(steps.added) if yen]
    assert receivers == sorted(order[: steps.spare])
    assert [steps.ranks[place] for place in order] == list(range(1, len(order) + 1))


def test_a_payer_takes_all_that_is_left_over() -> None:
    steps = spread(1_003, [4, 1, 1, 1, 1], 0)
    assert steps.cuts == (501, 125, 125, 125, 125)
    assert steps.added == (2, 0, 0, 0, 0)
    assert steps.ranks == (0, 0, 0, 0, 0)


WIDE = st.lists(
    st.integers(1, MOST_WEIGHT // 4 - 1) | st.integers(10**9 - 3, 10**9), min_size=2, max_size=4
)


@given(total=st.integers(0, 10**13), weights=WIDE)
def test_two_limbs_give_the_product_exactly_and_stay_below_10_to_15(
    total: int, weights: list[int]
) -> None:
    steps = spread(total, weights, None)
    above, product, below = drawn_limbs(steps, weights)
    for place, weight in enumerate(weights):
        quotient = above.values[place] * LIMB + below.values[place]
        remainder = product.values[place] - below.values[place] * steps.whole
        assert (quotient, remainder) == divmod(steps.left * weight, steps.whole)
        assert steps.left * (weight // LIMB) < 10**15
        assert 0 <= product.values[place] < 10**15


def drawn_limbs(steps: Spread, weights: Sequence[int]) -> tuple[Column, Column, Column]:
    columns = Columns()
    own = columns.fill(columns.new("重み1", "", ""), weights)
    line = Line(result=None, detail=0, number=1, basis=9)  # type: ignore[arg-type]  # only its row is used
    return limbs(columns, line, steps, (own, limb_column(columns, own)))


def test_quotients_are_corrected_only_where_a_product_may_reach_10_to_14() -> None:
    small = spread(10**9, [10**7, 10**7], None)
    large = spread(10**9, [4 * 10**9, 10**8], None)
    for steps, corrected in ((small, (False, False)), (large, (True, True))):
        above, _, below = drawn_limbs(steps, steps.weights)
        formulas = [getattr(c.cells[0], "formula", "") for c in (above, below)]
        assert tuple("IF(" in formula for formula in formulas) == corrected


def test_lines_that_no_formula_can_show_say_why(drawn: Plan) -> None:
    found = {name: row.reason for name, (_, row) in by_name(drawn).items() if row.reason}
    assert found == VALUES


def test_rows_of_formulas_share_exactly_what_was_computed(drawn: Plan) -> None:
    seen = 0
    for name, (line, row) in by_name(drawn).items():
        if name in VALUES:
            continue
        for charge in line.result.charges():
            numbers = [int(value) for value in row.values[drawn.places[charge.member.code]]]
            _, _, total, whole, weight, quotient, left, cut, remainder = numbers[:9]
            spare, _, added, apart, yen = numbers[9:]
            share = charge.exact - apart
            assert Fraction(total * weight, whole) == share
            assert (quotient, left) == divmod(total, whole)
            assert (cut, Fraction(remainder, whole)) == (floor(share), share - floor(share))
            assert 0 <= added <= spare
            assert yen == cut + added + apart == charge.yen
            seen += 1
    assert seen > 40


def test_rows_of_values_say_the_exact_share(drawn: Plan) -> None:
    for name in VALUES:
        line, row = by_name(drawn)[name]
        for charge in line.result.charges():
            place = drawn.places[charge.member.code]
            shown = Fraction(row.exact[place].replace(",", ""))
            assert shown + int(row.values[place][12]) == charge.exact
            cut, added, apart, yen = (int(row.values[place][i]) for i in (7, 11, 12, 13))
            assert cut + added + apart == yen == charge.yen
            total, all_apart, shared = (int(value) for value in row.values[place][:3])
            assert name in ("未調整", "繰越") or total - all_apart == shared


def test_quotients_are_corrected_by_one_where_they_came_out_too_large() -> None:
    steps = spread(10**9, [4 * 10**9, 10**8], None)
    above, product, below = drawn_limbs(steps, steps.weights)
    assert (above.letter, product.letter, below.letter) == ("F", "G", "H")
    x = "F$8*E11"
    assert getattr(above.cells[0], "formula", "") == f"=INT({x}/F$9)-IF(INT({x}/F$9)*F$9>{x},1,0)"


def test_amounts_worked_by_hand(drawn: Plan) -> None:
    expected = {
        # half of 1,003 is 501.5, the other half 125.375 each; 2円 left go to the 県
        "県の端数": (503, 125, 125, 125, 125),
        # 12, 6 and 3 months of 100,000: 57,142.857…, 28,571.428…, 14,285.714…
        "途中均等": (0, 57_143, 28_571, 14_286, 0),
        # 1,000 by 豊根村 alone, 6,000 by all five
        "定額と残り": (1_200, 1_200, 1_200, 1_200, 2_200),
        # 2,250 each and 21,000 by 1.25 : 0.875 : 0.5 : 0.125
        "小数の基準": (0, 11_795, 8_932, 6_068, 3_205),
        # 豊橋市 is held at 500,000; 400,000 by 43,903 : 4,437 : 1,017
        "上限": (0, 500_000, 355_800, 35_958, 8_242),
    }
    for name, yen in expected.items():
        _, row = by_name(drawn)[name]
        assert tuple(row.yen(place) for place in range(5)) == yen


def test_who_bears_a_part_alone_or_is_held_is_set_aside(drawn: Plan) -> None:
    assert column(drawn, "個別2").values == (100_000, 0, 0, 0, 0)
    assert column(drawn, "個別8").values == (0, 500_000, 0, 0, 0)
    assert column(drawn, "個別9").values == (1_000, 2_000, 0, 0, 500)
    assert by_name(drawn)["県と人口"][1].values[0][:5] == (400_000, 100_000, 300_000, 8_425_540, 0)


def test_a_line_of_one_payer_is_not_set_aside(drawn: Plan) -> None:
    _, row = by_name(drawn)["県だけ"]
    assert row.values[0][:5] == (5_000, 0, 5_000, 1, 1)


def test_weights_are_mixed_from_figures_in_whole_numbers(drawn: Plan) -> None:
    # a : b = 1 : 4, 421,277 people in 4 towns: w = 421,277 + 16 * people
    mixed = column(drawn, "重み1")
    assert mixed.values == (0, 6_371_997, 1_123_725, 492_269, 437_549)
    assert [getattr(c, "formula", None) for c in mixed.constants] == [
        "=1*SUMPRODUCT(参加2,指標1)",
        "=4*SUM(参加2)",
    ]
    assert getattr(mixed.cells[1], "formula", None) == "=G12*(J$8+J$9*D12)"
    assert mixed.heading == "均等割 20%\n人口割 80%"


def test_months_of_taking_part_are_in_the_weights(drawn: Plan) -> None:
    assert column(drawn, "参加4").values == (0, 4, 2, 1, 0)
    # 4 * 371,920 + 2 * 43,903 + 4,437 = 1,579,923 people-years over 7: w = m * (1,579,923 + 7 * people)
    assert column(drawn, "重み4").values == (0, 16_733_452, 3_774_488, 1_610_982, 0)


def test_figures_stand_with_their_date_and_place(drawn: Plan) -> None:
    people, index = column(drawn, "指標1"), column(drawn, "指標2")
    assert people.heading == "人口\n（人、令和2年10月1日現在）"
    assert people.note == "members/r7/figures.csv!C1"
    assert people.cells == (None, 371_920, 43_903, 4_437, 1_017)
    assert index.heading == "指数\n（点、令和5年度）\n（8倍した値）"
    assert index.cells == (None, 10, 7, 4, 1)


def test_lines_with_the_same_weights_share_a_column(drawn: Plan) -> None:
    rows = by_name(drawn)
    assert rows["均等"][1].formulas[4] == rows["加減"][1].formulas[4] == "=INDEX(参加1,団体順)"
    assert len({c.values for c in drawn.columns if c.name.startswith(("参加", "重み"))}) == sum(
        c.name.startswith(("参加", "重み")) for c in drawn.columns
    )


def test_a_line_of_no_yen_has_no_row(drawn: Plan) -> None:
    assert "なし" not in by_name(drawn)
    assert len(drawn.layout.projects[0].lines) == len(drawn.layout.charged) + 1


def test_a_row_that_disagrees_with_the_charges_is_refused(outcome: Outcome) -> None:
    first, *others = outcome.results
    rounded = replace(first.rounded, yen=(201, 199, 200, 200, 200))
    broken = replace(outcome, results=(replace(first, rounded=rounded), *others))
    with pytest.raises(ReconciliationError, match="均等"):
        plan(broken)


def test_order_of_the_members_does_not_matter(tmp_path: Path, drawn: Plan) -> None:
    members = "members/members.csv"
    row = "230006,愛知県,アイチケン,県,,会員,,,\n"
    moved = [(members, row, ""), (members, "会員,,,\n235636", f"会員,,,\n{row}235636")]
    again = plan(odd_council(tmp_path, edits=moved))
    assert again.rows == drawn.rows
    assert again.columns == drawn.columns
