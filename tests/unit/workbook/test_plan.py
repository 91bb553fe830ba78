"""What the invoices share: integer steps that are exact, and formulas that anyone can follow."""

from dataclasses import replace
from fractions import Fraction
from math import floor, gcd
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apportion.allocate import rounding
from apportion.allocate.rounding import Shares
from apportion.core.problem import ReconciliationError
from apportion.outcome.outcome import Outcome
from apportion.rules.nodes import Mode, RestOrder
from apportion.workbook.letters.columns import Column
from apportion.workbook.letters.layout import Line
from apportion.workbook.letters.plan import Plan, plan
from apportion.workbook.letters.sharing import Way, spread
from apportion.workbook.letters.steps import BasisRow
from apportion.workbook.letters.weights import WeightColumn
from tests.unit.workbook.odd_council import odd_council

VALUES = {
    "財政規模": "重みの合計が大きく、表計算では正確に計算できないため",
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


def by_name(drawn: Plan) -> dict[str, tuple[Line, BasisRow]]:
    lines = drawn.layout.lines
    return {line.result.case.line.name: (line, drawn.rows[line.number]) for line in lines}


def weight_of(drawn: Plan, name: str) -> WeightColumn:
    return next(w for w in drawn.weights if w.column.name == by_name(drawn)[name][1].look)


def column(drawn: Plan, name: str) -> Column:
    return next(column for column in drawn.columns if column.name == name)


@given(total=st.integers(0, 10**12), weights=WEIGHTS)
def test_steps_are_floor_and_remainder_of_the_exact_share(total: int, weights: list[int]) -> None:
    steps = spread(total, weights, Way())
    for place, weight in enumerate(weights):
        exact = Fraction(total * weight, sum(weights))
        assert steps.cuts[place] == floor(exact)
        assert Fraction(steps.remainders[place], steps.whole) == exact - floor(exact)


@given(total=st.integers(0, 10**12), weights=WEIGHTS)
def test_the_yen_left_over_go_to_the_largest_remainders(total: int, weights: list[int]) -> None:
    steps = spread(total, weights, Way())
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
    ranks = list(range(1, len(order) + 1)) if steps.spare else [0] * len(order)
    assert [steps.ranks[place] for place in order] == ranks


def test_a_payer_takes_all_that_is_left_over() -> None:
    steps = spread(1_003, [4, 1, 1, 1, 1], Way(rest=RestOrder.PAYER, payer=0))
    assert steps.cuts == (501, 125, 125, 125, 125)
    assert steps.added == (2, 0, 0, 0, 0)
    assert steps.ranks == (0, 0, 0, 0, 0)


@given(
    total=st.integers(0, 10**9),
    weights=WEIGHTS,
    unit=st.sampled_from([1, 10, 1_000]),
    mode=st.sampled_from(list(Mode)),
)
def test_every_way_of_rounding_is_that_of_the_engine(
    total: int, weights: list[int], unit: int, mode: Mode
) -> None:
    shares = Shares(total, tuple(weights), sum(weights))
    cuts = rounding.cut_all(shares, unit, mode)
    whole = rounding.close(shares, cuts, total, unit, rounding.RestRule())
    steps = spread(total, weights, Way(unit=unit, mode=mode))
    assert steps.cuts == whole.cuts
    assert tuple(map(sum, zip(steps.cuts, steps.added, strict=True))) == whole.yen


def test_lines_that_no_formula_can_show_say_why(drawn: Plan) -> None:
    found = {name: row.reason for name, (_, row) in by_name(drawn).items() if row.reason}
    assert found == VALUES


def test_rows_of_formulas_share_exactly_what_was_computed(drawn: Plan) -> None:
    seen = 0
    for name, (line, row) in by_name(drawn).items():
        if name in VALUES or row.look == "0円":
            continue
        unit = line.result.case.rounding.unit
        for charge in line.result.charges():
            numbers = [int(value) for value in row.values[drawn.places[charge.member.code]]]
            _, _, total, whole, weight, quotient, left, cut, remainder = numbers[:9]
            spare, _, added, apart, yen = numbers[9:]
            share = charge.exact - apart
            assert Fraction(total * weight, whole) == share
            assert (quotient, left) == divmod(total, whole * unit)
            lost = Fraction(remainder * gcd(total, unit), whole)
            assert (cut, lost) == (
                charge.result.rounded.cuts[charge.position],
                share - cut,
            ) or apart
            assert abs(added) <= abs(spare)
            assert yen == cut + added + apart == charge.yen
            seen += 1
    assert seen > 80


def test_rows_of_values_say_the_exact_share_and_how_it_came_about(drawn: Plan) -> None:
    for name, reason in VALUES.items():
        line, row = by_name(drawn)[name]
        for charge in line.result.charges():
            place = drawn.places[charge.member.code]
            head, *steps = drawn.told[line.number][place].split("\n")
            start, _, exact = head.partition("、結果を示します。正確な配分額は ")
            assert start == f"値: {reason}"
            adjusted = int(row.values[place][12])
            assert (
                Fraction(exact.removesuffix(" 円です。").replace(",", "")) + adjusted
                == charge.exact
            )
            assert steps
            cut, added, apart, yen = (int(row.values[place][i]) for i in (7, 11, 12, 13))
            assert cut + added + apart == yen == charge.yen


def test_a_member_reads_the_steps_of_its_own_amount_alone(drawn: Plan) -> None:
    line, _ = by_name(drawn)["基準ごと"]
    assert drawn.told[line.number][1].split("\n")[1:] == [
        "均等割 50% 1,250.875円 ＝ 10,007円 × 50% ÷ 4団体",
        "豊橋市の人口 371,920人　令和2年10月1日現在",
        "4団体の計 421,277人",
        "人口割の分 4,417.287…円 ＝ 10,007円 × 50% × 371,920人 ÷ 421,277人",
        "均等割 50%の円未満切捨て 1,250円",
        "人口割の分の円未満切捨て 4,417円",
        "切り捨てた額の計 5,667円 ＝ 均等割 50%の円未満切捨て 1,250円 + 人口割の分の円未満切捨て 4,417円",
        (
            "差額の加算 1円　全団体の額を合わせると 10,002円で、10,007円に5円足りません。"
            "端数の大きい順に、5回に分けて1円ずつ足します。"
            "豊橋市（端数 1.162…円）は、端数が3番目に大きいため、1円足します。"
        ),
    ]


def test_a_bound_says_what_it_did_to_the_member(drawn: Plan) -> None:
    line, _ = by_name(drawn)["上限"]
    assert drawn.told[line.number] == (
        "",
        (
            "上限・下限にかける前の配分額 794,555円（円未満切捨て）\n上限 500,000円\n"
            "上限で止めた額 500,000円　もとの額は上限を超えるので、上限の額にします。"
        ),
        *(drawn.told[line.number][2:]),
    )
    assert "この団体は、この上限にはかかりません。" in drawn.told[line.number][2]


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
    # 20% / 4 towns and 80% / 421,277 people: L = 4 * 421,277, w = 421,277 + 16 * people
    mixed = weight_of(drawn, "県と人口")
    assert mixed.column.values == (0, 6_371_997, 1_123_725, 492_269, 437_549)
    assert mixed.multiple == 1_685_108
    assert [(t.ratio, t.sum, t.constant) for t in mixed.terms] == [
        (1, 4, 421_277),
        (4, 421_277, 16),
    ]
    assert mixed.column.formula(9) == "='重み'!$H$11*H10+'重み'!$H$12*H10*D10"
    assert mixed.column.heading == "均等割 20%\n人口割 80%"


def test_weights_of_two_figures_and_of_two_lines_are_mixed_as_well(drawn: Plan) -> None:
    # 50% by 421,277 people, 50% by 138 cases: w = 138 * people + 421,277 * cases
    two = weight_of(drawn, "二つの指標").column.values
    assert two == (0, 138 * 371_920 + 421_277 * 120, *two[2:])
    # 1,000 by 豊根村, 6,000 by all five: w = 6, and 5 more for 豊根村
    fixed = weight_of(drawn, "定額と残り")
    assert fixed.column.values == (6, 6, 6, 6, 11)
    assert [term.label for term in fixed.terms] == ["豊根村に 定額 1千円", "残りを 均等割"]


def test_months_of_taking_part_are_in_the_weights(drawn: Plan) -> None:
    assert weight_of(drawn, "途中均等").column.values == (0, 4, 2, 1, 0)
    # 4 * 371,920 + 2 * 43,903 + 4,437 = 1,579,923 people-years over 7: w = m * (1,579,923 + 7 * people)
    months = weight_of(drawn, "途中参加").column.values
    assert months == (0, 16_733_452, 3_774_488, 1_610_982, 0)


def test_who_is_held_by_a_bound_has_no_weight(drawn: Plan) -> None:
    held = weight_of(drawn, "上限")
    assert held.kept is not None
    assert held.kept.values == (0, 0, 1, 1, 1)
    assert held.column.values == (0, 0, 43_903, 4_437, 1_017)


def test_the_order_of_a_rule_stands_as_ranks(drawn: Plan) -> None:
    assert column(drawn, "順位17").values == (0, 4, 3, 2, 1)  # 金額の小さい順
    assert column(drawn, "順位23").values == (0, 1, 2, 3, 4)  # 金額の大きい順
    assert column(drawn, "順位24").values == (0, 1, 2, 3, 0)  # 人口の多い順


def test_figures_stand_with_their_date_and_place(drawn: Plan) -> None:
    people, index = column(drawn, "指標1"), column(drawn, "指標3")
    assert people.heading == "人口\n（人、令和2年10月1日現在）"
    assert people.note == "基礎数値"
    assert people.cells == (None, 371_920, 43_903, 4_437, 1_017)
    assert index.heading == "指数\n（点、令和5年度）\n（8倍した値）"
    assert index.cells == (None, 10, 7, 4, 1)


def test_lines_with_the_same_weights_share_a_column(drawn: Plan) -> None:
    rows = by_name(drawn)
    assert rows["均等"][1].look == rows["加減"][1].look == "参加1"
    assert rows["均等"][1].formulas[4] == rows["加減"][1].formulas[4] == "='重み'!$M$10"
    assert len({c.values for c in drawn.columns if c.name.startswith(("参加", "重み"))}) == sum(
        c.name.startswith(("参加", "重み")) for c in drawn.columns
    )


def test_a_line_of_no_yen_stands_there_with_its_reason(drawn: Plan) -> None:
    line, row = by_name(drawn)["なし"]
    assert (row.look, {number for values in row.values for number in values}) == ("0円", {0})
    assert "0円: 予算額が0円のため、負担はありません。" in drawn.rules[line.number].rule


def test_who_is_not_in_the_roster_reads_that(drawn: Plan) -> None:
    _, row = by_name(drawn)["途中均等"]
    assert [values[-1] for values in row.values] == [
        "－ 不参加",
        57_143,
        28_571,
        14_286,
        "－ 不参加",
    ]
    roster = column(drawn, "名簿1")
    assert roster.values == (0, 1, 1, 1, 0)
    assert row.formulas[-1] == '=IF(INDEX(名簿1,団体順)=0,"－ 不参加",D33+H33+I33)'


def test_with_the_own_figures_alone_totals_of_all_are_values(
    outcome: Outcome, drawn: Plan, tmp_path: Path
) -> None:
    edit = ("rules/r7/00.txt", "公印: 省略", "公印: 省略\n指標一覧: 自団体のみ")
    own = plan(odd_council(tmp_path, edits=[edit]))
    assert (own.own_only, drawn.own_only) == (True, False)
    assert [c.yen for c in own.outcome.charges] == [c.yen for c in outcome.charges]
    for number, row in own.rows.items():
        for place, formula in enumerate(row.formulas):
            assert formula == (
                None if place in (1, 3, 9, 10) else drawn.rows[number].formulas[place]
            )
        assert row.values == drawn.rows[number].values


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
