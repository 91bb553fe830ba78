"""端数: the words that say who was given which yen, and why; worked with the small council."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from apportion.allocate.rounding import RestRule, close
from apportion.explain.ledger import Ledger, decimal_text, rule_words
from apportion.outcome.outcome import Outcome
from apportion.rules.nodes import Mode, Name, RestOrder, Rounding, Stage
from tests.unit.workbook.council import OKAZAKI, TOGO, TOYOHASHI, council


def ledger(outcome: Outcome, line: str) -> Ledger:
    return next(Ledger(r) for r in outcome.results if r.case.line.name == line)


def told(outcome: Outcome, line: str) -> list[tuple[int, str, int, str]]:
    return [(row.rank, row.member.code, row.yen, row.why) for row in ledger(outcome, line).rows()]


def test_equal_remainders_name_the_rule_that_decided(tmp_path: Path) -> None:
    same = "端数も正確な額も同じ3団体のうち、団体コードの小さい順で"
    outcome = council(tmp_path)
    assert told(outcome, "会場費") == [
        (1, TOYOHASHI, 1, f"{same}1番目"),
        (2, OKAZAKI, 0, f"{same}2番目（次点、加減なし）"),
    ]
    assert told(outcome, "返還金") == [
        (1, TOYOHASHI, -1, f"{same}1番目"),
        (2, OKAZAKI, 0, f"{same}2番目（次点、加減なし）"),
    ]


def test_what_was_cut_upwards_is_given_back_by_the_larger_code(tmp_path: Path) -> None:
    same = "切り上げた額も正確な額も同じ2団体のうち、団体コードの大きい順で"
    assert told(council(tmp_path), "委託費") == [
        (1, OKAZAKI, -1, f"{same}1番目"),
        (2, TOYOHASHI, 0, f"{same}2番目（次点、加減なし）"),
    ]


def test_the_numbers_show_what_the_cut_took_away(tmp_path: Path) -> None:
    book = ledger(council(tmp_path), "会場費")
    assert (book.total, book.cuts, book.difference) == (1000, 999, 1)
    first = next(book.rows())
    assert (first.exact, first.cut) == (Fraction(1000, 3), 333)
    assert Fraction(first.remainder, first.denominator) == Fraction(1, 3)


def test_the_rest_may_be_less_than_a_unit(tmp_path: Path) -> None:
    order = "番目（同じ3団体の中は、団体コードの小さい順）"
    assert told(council(tmp_path), "消耗品") == [
        (1, TOYOHASHI, 10, f"金額の小さい順の1{order}"),
        (2, OKAZAKI, 4, f"金額の小さい順の2{order}（単位に満たない残り）"),
        (3, TOGO, 0, f"金額の小さい順の3{order}（次点、加減なし）"),
    ]


def test_what_is_not_adjusted_has_no_rows(tmp_path: Path) -> None:
    outcome = council(tmp_path)
    assert told(outcome, "旅費") == []
    assert ledger(outcome, "旅費").difference == 101


# 会場費 by 人口 100 : 100 : 50 unless the case says otherwise.
@pytest.mark.parametrize(
    ("amount", "rule", "expected"),
    [
        # 1000 ÷ 2.5: nothing is left.
        (1000, "負担割合: 人口割", []),
        # 1003: 401.2, 401.2, 200.6 -> 401, 401, 200: one left, to the largest remainder.
        (1003, "負担割合: 人口割", [(TOGO, 1, "端数が1番目に大きい"), (TOYOHASHI, 0, "")]),
        # 400.4, 400.4, 200.2: one left, and no order is asked.
        (
            1001,
            "負担割合: 人口割\n端数: 円未満切捨て、差額は岡崎市が負担",
            [(OKAZAKI, 1, "規則により、差額は岡崎市が負担")],
        ),
        # 400.4, 400.4, 200.2 -> 百円: 400, 400, 200; 1円 left.
        (
            1001,
            "負担割合: 人口割\n端数: 百円未満切捨て、差額は金額の大きい順",
            [
                (
                    TOYOHASHI,
                    1,
                    "金額の大きい順の1番目（同じ2団体の中は、団体コードの小さい順）（単位に満たない残り）",
                ),
                (OKAZAKI, 0, ""),
            ],
        ),
        # 人口の多い順: 100, 100, 50.
        (
            1001,
            "負担割合: 均等割\n基礎数値: 人口（令和2年10月1日現在）\n端数: 円未満切捨て、差額は人口の多い順",
            [
                (TOYOHASHI, 1, "人口の多い順の1番目（同じ2団体の中は、団体コードの小さい順）"),
                (OKAZAKI, 1, "人口の多い順の2番目（同じ2団体の中は、団体コードの小さい順）"),
                (TOGO, 0, ""),
            ],
        ),
        # 0.9, 0.55, 0.55: within the second group the count begins again.
        (
            2,
            "負担割合: 豊橋市に 45%\n負担割合: 岡崎市、東郷町に 残りを 均等割",
            [
                (TOYOHASHI, 1, "端数が1番目に大きい"),
                (OKAZAKI, 1, "端数も正確な額も同じ2団体のうち、団体コードの小さい順で1番目"),
                (TOGO, 0, ""),
            ],
        ),
        # 25%, 25% and 50% of 2 are 0.5, 0.5 and 1: equal remainders of equal amounts.
        (
            2,
            "負担割合: 東郷町に 50%\n負担割合: 豊橋市、岡崎市に 残りを 均等割",
            [
                (TOYOHASHI, 1, "端数も正確な額も同じ2団体のうち、団体コードの小さい順で1番目"),
                (OKAZAKI, 0, ""),
            ],
        ),
        # 1.5, 0.5 and 1: equal remainders, the larger amount first.
        (
            3,
            "負担割合: 東郷町に 1円を 均等割\n負担割合: 豊橋市に 0.5円を 均等割\n負担割合: 岡崎市に 残りを 均等割",
            [
                (OKAZAKI, 1, "端数が同じ2団体のうち、正確な額の大きい順で1番目"),
                (TOYOHASHI, 0, ""),
            ],
        ),
    ],
)
def test_each_order_says_its_reason(
    tmp_path: Path, amount: int, rule: str, expected: list[tuple[str, int, str]]
) -> None:
    edits = [
        ("rules/r7/budget.csv", "会場費,1000,", f"会場費,{amount},"),
        ("rules/r7/income.csv", "負担金収入,1900,", f"負担金収入,{amount + 900},"),
        ("rules/r7/10.txt", "■経費 会場費\n負担割合: 均等割\n", f"■経費 会場費\n{rule}\n"),
    ]
    found = told(council(tmp_path, edits=edits), "会場費")
    assert [(code, yen) for _, code, yen, _ in found] == [(c, yen) for c, yen, _ in expected]
    for (_, _, yen, why), (_, _, reason) in zip(found, expected, strict=True):
        assert why == reason if yen else why.endswith("（次点、加減なし）")


def test_rotation_says_where_it_began(tmp_path: Path) -> None:
    result = ledger(council(tmp_path), "会場費").result
    rest = RestRule(order=RestOrder.ROTATION, first=1)
    turned = replace(
        result,
        case=replace(result.case, rest=rest),
        rounded=close(result.shares, result.rounded.cuts, 1000, 1, rest),
    )
    assert [(row.member.code, row.yen, row.why) for row in Ledger(turned).rows()] == [
        (OKAZAKI, 1, "輪番の1番目（岡崎市から）"),
        (TOGO, 0, "輪番の2番目（岡崎市から）（次点、加減なし）"),
    ]


def test_a_difference_longer_than_the_list_goes_round(tmp_path: Path) -> None:
    # 290 ÷ 3 = 96.7 -> 0 each; 290 by 人口 = 116, 116, 58 -> 100, 100, 0; 380 left for three.
    edits = [
        (
            "rules/r7/20.txt",
            "負担割合: 均等割\n端数: 十円未満切捨て、差額は金額の小さい順",
            "負担割合: 均等割 50% + 人口割 50%\n端数: 百円未満切捨て（基準ごと）、差額は端数の大きい順",
        ),
        ("rules/r7/budget.csv", "消耗品,14,", "消耗品,580,"),
        ("rules/r7/income.csv", "負担金収入,1413,", "負担金収入,1979,"),
    ]
    found = told(council(tmp_path, edits=edits), "消耗品")
    assert [(code, yen) for _, code, yen, _ in found] == [
        (TOGO, 100),
        (TOYOHASHI, 100),
        (OKAZAKI, 100),
        (TOGO, 80),
    ]
    assert found[3][3] == "2巡目。端数が1番目に大きい（単位に満たない残り）"


def test_rules_in_words() -> None:
    assert rule_words(Rounding()) == "円未満切捨て、差額は端数の大きい順"
    payer = Rounding(
        unit=50,
        mode=Mode.UP,
        stage=Stage.PROJECT,
        rest=RestOrder.PAYER,
        payer=Name("愛知県", Rounding().source),
    )
    assert rule_words(payer) == "50円未満切上げ（事業ごと）、差額は愛知県が負担"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1200), "1,200"),
        (Fraction(1, 2), "0.5"),
        (Fraction(1000, 3), "333.333…"),
        (Fraction(-1000, 3), "△333.333…"),
        (Fraction(10**20 + 1, 10**4), "10,000,000,000,000,000.000…"),
        (Fraction(2, 3), "0.666…"),
    ],
)
def test_decimals_are_cut_and_say_that_more_would_follow(value: Fraction, text: str) -> None:
    assert decimal_text(value) == text
