"""計算書: integer steps that are exact, and formulas that anyone can follow."""

import re
from dataclasses import replace
from fractions import Fraction
from math import floor, gcd
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from apportion.allocate import rounding
from apportion.allocate.rounding import Shares
from apportion.core.problem import ReconciliationError
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.outputs import readback_workings
from apportion.rules.nodes import Mode, RestOrder
from apportion.workbook.workings.book import make
from apportion.workbook.workings.columns import Column
from apportion.workbook.workings.plan import WorkedLine, Workings, workings
from apportion.workbook.workings.sharing import Way, spread
from apportion.workbook.workings.weights import WeightColumn
from tests.unit.workbook.formulas import Reader
from tests.unit.workbook.odd_council import TOYOHASHI, odd_council

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
def drawn(outcome: Outcome) -> Workings:
    return workings(outcome)


@pytest.fixture(scope="module")
def book(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("計算書") / "計算書.xlsx"
    path.write_bytes(make(outcome))
    return path


def by_name(drawn: Workings) -> dict[str, WorkedLine]:
    lines = (line for own in drawn.projects.values() for line in own)
    return {line.result.case.line.name: line for line in lines}


def weight_of(drawn: Workings, name: str) -> WeightColumn:
    live = by_name(drawn)[name].live
    assert live is not None
    return live.weight


def block(path: Path, name: str, *, values: bool = True) -> list[tuple[object, ...]]:
    """Rows of a 経費, from its name to its 計."""
    found: list[tuple[object, ...]] = []
    for sheet in load_workbook(path, data_only=values).worksheets[:-2]:
        for row in sheet.iter_rows(values_only=True):
            if (row[0] == "経費" and row[2] == name) or found:
                found.append(row)
            if found and row[0] == "計":
                return found
    raise AssertionError(name)


def column(drawn: Workings, name: str) -> Column:
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


def test_every_formula_means_what_stands_in_its_cell(book: Path) -> None:
    reader, values = Reader(load_workbook(book)), load_workbook(book, data_only=True)
    seen = 0
    for sheet in reader.book.worksheets:
        for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
            meant = reader.value(sheet.title, cell.coordinate)
            shown = values[sheet.title][cell.coordinate].value
            close = isinstance(shown, float) and abs(meant - Fraction(shown)) < Fraction(1, 10**6)
            assert close or meant == shown, (sheet.title, cell.coordinate, meant, shown)
            seen += 1
    assert seen > 1_000


def test_the_yen_are_those_of_the_charges(outcome: Outcome, book: Path) -> None:
    found = readback_workings.read(book)
    expected = {
        (c.member.code, name_key(c.line.project), name_key(c.line.name)): c.yen
        for c in outcome.charges
    }
    assert {key: cell.yen for key, cell in found.items()} == expected


def test_another_figure_gives_other_yen(outcome: Outcome, book: Path) -> None:
    """371,920 people more than before: 豊橋市 bears more of what goes by people, the others less."""
    live = load_workbook(book)
    people = next(c for row in live["指標一覧"].iter_rows() for c in row if c.value == 371_920)
    places = {k: c.place for k, c in readback_workings.read(book).items() if k[2] == "二つの指標"}
    people.value = 2 * 371_920
    reader = Reader(live)
    total = 0
    for (code, _, _), place in places.items():
        sheet, _, cell = place.partition("!")
        before = load_workbook(book, data_only=True)[sheet][cell].value
        after = reader.value(sheet, cell)
        total += after
        assert before == after == 0 or (after > before) == (code == TOYOHASHI)
    assert total == sum(by_name(workings(outcome))["二つの指標"].result.yen)


def test_only_functions_that_every_program_knows_are_used(book: Path) -> None:
    cells = (c for s in load_workbook(book) for row in s.iter_rows() for c in row)
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    used = {name for formula in formulas for name in re.findall(r"([A-Z]+)\(", formula)}
    assert used == {"SUM", "INT", "IF", "SUMPRODUCT", "COUNTIFS"}


def test_lines_that_no_formula_can_show_say_why(drawn: Workings, book: Path) -> None:
    found = {name: line.reason for name, line in by_name(drawn).items() if line.reason}
    assert found == VALUES
    for name, reason in VALUES.items():
        assert f"値: {reason}、結果を示します。" in str(block(book, name)[1][0])


def test_rows_of_formulas_share_exactly_what_was_computed(drawn: Workings, book: Path) -> None:
    seen = 0
    for name, line in by_name(drawn).items():
        if line.live is None:
            continue
        unit = line.result.case.rounding.unit
        (
            head,
            *_,
        ) = block(book, name)[3:4]
        total, whole, quotient, left, spare = (int(str(value)) for value in head[5:10])
        assert (quotient, left) == divmod(total, whole * unit)
        for charge, row in zip(line.result.charges(), block(book, name)[5:-1], strict=True):
            assert row[0] == charge.member.code
            weight, cut, remainder = (int(str(row[i])) for i in (2, 4, 5))
            added, apart, yen = (int(str(row[i] or 0)) for i in (7, 8, 9))
            share = charge.exact - apart
            assert Fraction(total * weight, whole) == share
            assert abs(Fraction(str(row[3])) - share) < Fraction(1, 1000)
            lost = Fraction(remainder * gcd(total, unit), whole)
            assert (cut, lost) == (
                charge.result.rounded.cuts[charge.position],
                share - cut,
            ) or apart
            assert abs(added) <= abs(spare)
            assert yen == cut + added + apart == charge.yen
            seen += 1
    assert seen > 80


def test_amounts_worked_by_hand(drawn: Workings, book: Path) -> None:
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
    codes = [member.code for member in drawn.outcome.members]
    for name, yen in expected.items():
        found = {row[0]: row[9] for row in block(book, name)[5:-1]}
        assert tuple(found.get(code, 0) for code in codes) == yen


def apart(book: Path, name: str) -> list[object]:
    return [row[8] for row in block(book, name)[5:-1]]


def test_who_bears_a_part_alone_or_is_held_is_set_aside(book: Path) -> None:
    assert apart(book, "県と人口") == [100_000, 0, 0, 0, 0]
    assert apart(book, "上限") == [0, 500_000, 0, 0, 0]
    assert apart(book, "加減") == [1_000, 2_000, 0, 0, 500]
    assert block(book, "県と人口")[3][3:7] == (400_000, 100_000, 300_000, 8_425_540)


def test_a_percentage_follows_the_amount_that_is_shared(book: Path) -> None:
    shares = [str(row[8]) for row in block(book, "県と人口", values=False)[5:-1]]
    assert shares[0].startswith("=INT($C$")
    assert shares[0].endswith("*25/100)")


def test_a_line_of_one_payer_is_not_set_aside(book: Path) -> None:
    assert block(book, "県だけ")[3][3:7] == (5_000, 0, 5_000, 1)


def test_weights_are_mixed_from_figures_in_whole_numbers(drawn: Workings) -> None:
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


def test_weights_of_two_figures_and_of_two_lines_are_mixed_as_well(drawn: Workings) -> None:
    # 50% by 421,277 people, 50% by 138 cases: w = 138 * people + 421,277 * cases
    two = weight_of(drawn, "二つの指標").column.values
    assert two == (0, 138 * 371_920 + 421_277 * 120, *two[2:])
    # 1,000 by 豊根村, 6,000 by all five: w = 6, and 5 more for 豊根村
    fixed = weight_of(drawn, "定額と残り")
    assert fixed.column.values == (6, 6, 6, 6, 11)
    assert [term.label for term in fixed.terms] == ["豊根村に 定額 1千円", "残りを 均等割"]


def test_months_of_taking_part_are_in_the_weights(drawn: Workings) -> None:
    assert weight_of(drawn, "途中均等").column.values == (0, 4, 2, 1, 0)
    # 4 * 371,920 + 2 * 43,903 + 4,437 = 1,579,923 people-years over 7: w = m * (1,579,923 + 7 * people)
    months = weight_of(drawn, "途中参加").column.values
    assert months == (0, 16_733_452, 3_774_488, 1_610_982, 0)


def test_who_is_held_by_a_bound_has_no_weight(drawn: Workings) -> None:
    held = weight_of(drawn, "上限")
    assert held.kept is not None
    assert held.kept.values == (0, 0, 1, 1, 1)
    assert held.column.values == (0, 0, 43_903, 4_437, 1_017)


def test_the_order_of_a_rule_stands_as_ranks(drawn: Workings) -> None:
    ranks = {
        line.number: line.live.steps.way.ranks
        for line in by_name(drawn).values()
        if line.live and line.live.steps.way.ranks
    }
    assert ranks == {
        17: (0, 4, 3, 2, 1),  # 金額の小さい順
        23: (0, 1, 2, 3, 4),  # 金額の大きい順
        24: (0, 1, 2, 3, 0),  # 人口の多い順
    }


def test_figures_stand_with_their_date_and_place(drawn: Workings) -> None:
    people, index = column(drawn, "指標1"), column(drawn, "指標3")
    assert people.heading == "人口\n（人、令和2年10月1日現在）"
    assert people.note == "基礎数値"
    assert people.cells == (None, 371_920, 43_903, 4_437, 1_017)
    assert index.heading == "指数\n（点、令和5年度）\n（8倍した値）"
    assert index.cells == (None, 10, 7, 4, 1)


def test_lines_with_the_same_weights_share_a_column(drawn: Workings) -> None:
    assert weight_of(drawn, "均等") is weight_of(drawn, "加減")
    assert weight_of(drawn, "均等").column.name == "参加1"
    assert len({c.values for c in drawn.columns if c.name.startswith(("参加", "重み"))}) == sum(
        c.name.startswith(("参加", "重み")) for c in drawn.columns
    )


def test_a_line_of_no_yen_stands_there_with_its_reason(book: Path) -> None:
    rows = block(book, "なし")
    assert "0円: 予算額が0円のため、負担はありません。" in str(rows[1][0])
    assert {row[9] for row in rows[5:]} == {0}


def test_rule_and_legal_basis_stand_above_the_numbers(book: Path) -> None:
    assert block(book, "上限")[1][0] == (
        "参加: 名簿「全員」の5団体\n負担割合: 市町村に 人口割\n"
        "上限: 市町村ごとに 500千円、超えた分は残りの団体で割り直す\n"
        "端数: 円未満切捨て、差額は端数の大きい順（規則に書いていないので、ふつうのきまり）\n"
        "上限・下限で決まる額: 豊橋市 500,000円（市町村ごとに 500千円、超えた分は残りの団体で割り直す）\n"
        "根拠: 規約第9条　規則（総務事業）34行目"
    )


def test_who_is_not_in_the_roster_has_no_row(book: Path) -> None:
    assert [row[9] for row in block(book, "途中均等")[5:-1]] == [57_143, 28_571, 14_286]


def test_a_row_that_disagrees_with_the_charges_is_refused(outcome: Outcome) -> None:
    first, *others = outcome.results
    rounded = replace(first.rounded, yen=(201, 199, 200, 200, 200))
    broken = replace(outcome, results=(replace(first, rounded=rounded), *others))
    with pytest.raises(ReconciliationError, match="均等"):
        workings(broken)


def test_order_of_the_members_does_not_matter(tmp_path: Path, drawn: Workings) -> None:
    members = "members/members.csv"
    row = "230006,愛知県,アイチケン,県,,会員,,,\n"
    moved = [(members, row, ""), (members, "会員,,,\n235636", f"会員,,,\n{row}235636")]
    again = workings(odd_council(tmp_path, edits=moved))
    assert again.columns == drawn.columns
    assert [w.column for w in again.weights] == [w.column for w in drawn.weights]
