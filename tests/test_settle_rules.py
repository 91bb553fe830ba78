"""精算 by every kind of rule: what the rules leave to nobody stays a term of its own."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import OTHER, REFUND, WAYS, difference_of
from apportion.years.settle.compute import settle
from tests.settling import FIGURES, Received, Spent, council, differences, rows, settled, settlement
from tests.small import R7, save

PEOPLE = "人口（人、令和2年10月1日現在）"
INCOME = "負担金収入"


def settled_by(
    root: Path,
    rules: str,
    spent: Spent,
    received: Received,
    figures: Mapping[str, Mapping[str, int | str]] | None = None,
    rosters: Mapping[str, Mapping[str, str]] | None = None,
) -> Outcome:
    """The year settled by 還付と追徴; every rule file of these tests has one 経費 or two."""
    text = rules + settlement(REFUND)
    return settle(council(root, text, spent, received, figures=figures, rosters=rosters), R7)


def test_what_special_funds_pay_for(tmp_path: Path) -> None:
    """Shared are 1,000,000 - 200,000; after the year 900,000 - 150,000: 375,000 225,000 150,000."""
    council(
        tmp_path,
        "■経費 運用費\n差し引く: 特定財源\n負担割合: 人口割\n" + settlement(REFUND),
        {"運用費": (1_000_000, 200_000, 150_000, 900_000)},
        [(INCOME, 800_000, 800_000), ("国庫補助金", 200_000, 150_000)],
        headings=("予算額（円）", "特定財源（円）", "特定財源 決算（円）", "決算額（円）"),
    )
    outcome = settle(tmp_path, R7)
    assert rows(outcome) == {
        "運用費": {
            "甲市": (400_000, 375_000),
            "乙市": (240_000, 225_000),
            "丙町": (160_000, 150_000),
        }
    }


def test_special_funds_that_only_the_income_tells(tmp_path: Path) -> None:
    """Without 特定財源 決算 the rule takes 200,000 off again, and 50,000 of it did not come in."""
    council(
        tmp_path,
        "■経費 運用費\n差し引く: 特定財源\n負担割合: 人口割\n" + settlement(REFUND),
        {"運用費": (1_000_000, 200_000, 900_000)},
        [(INCOME, 800_000, 800_000), ("国庫補助金", 200_000, 150_000)],
        headings=("予算額（円）", "特定財源（円）", "決算額（円）"),
    )
    outcome = settle(tmp_path, R7)
    assert rows(outcome)["運用費"]["甲市"] == (400_000, 350_000)
    assert rows(outcome)[OTHER] == {"甲市": (0, 25_000), "乙市": (0, 15_000), "丙町": (0, 10_000)}
    assert differences(outcome) == {"甲市": -25_000, "乙市": -15_000, "丙町": -10_000}


def test_sums_over_a_project_are_rounded_once_after_the_year_too(tmp_path: Path) -> None:
    """In three: 100,000 twice, then 70,000 twice. 甲市 gives way in the first line by name, 保守費."""
    outcome = settled_by(
        tmp_path,
        "端数: 円未満切捨て（事業ごと）、差額は端数の大きい順\n■経費 運用費、保守費\n負担割合: 均等割\n",
        {"運用費": (100_000, 70_000), "保守費": (100_000, 70_000)},
        [(INCOME, 200_000, 200_000)],
    )
    assert rows(outcome) == {
        "運用費": {"甲市": (33_334, 23_334), "乙市": (33_333, 23_333), "丙町": (33_333, 23_333)},
        "保守費": {"甲市": (33_333, 23_333), "乙市": (33_334, 23_334), "丙町": (33_333, 23_333)},
    }


def test_unit_prices_are_what_they_are(tmp_path: Path) -> None:
    """10円 a head whatever was spent: 500,000 300,000 200,000 both times."""
    rules = "■経費 運用費\n負担割合: 人口 1人につき 10円\n検算: 合計 = 予算額（±50,000円）\n"
    outcome = settled_by(
        tmp_path, rules, {"運用費": (1_050_000, 900_000)}, [(INCOME, 1_050_000, 1_000_000)]
    )
    assert set(differences(outcome).values()) == {0}


def test_a_price_without_a_budget(tmp_path: Path) -> None:
    rules = "■経費 運用費\n負担割合: 人口 1人につき 10円\n"
    outcome = settled_by(tmp_path, rules, {"運用費": ("", "")}, [(INCOME, 1_000_000, 1_000_000)])
    assert set(differences(outcome).values()) == {0}


def test_a_cap_holds_after_the_year_as_well(tmp_path: Path) -> None:
    """600,000 is the most; the others pay 3:2 of the rest: 900,000 before and 650,000 after.

    By 人口 alone 甲市 would owe 750,000 and 625,000.
    """
    rules = "■経費 運用費\n負担割合: 人口割\n上限: 市町村ごとに 600千円、超えた分は残りの団体で割り直す\n"
    outcome = settled_by(
        tmp_path, rules, {"運用費": (1_500_000, 1_250_000)}, [(INCOME, 1_500_000, 1_500_000)]
    )
    assert rows(outcome)["運用費"] == {
        "甲市": (600_000, 600_000),
        "乙市": (540_000, 390_000),
        "丙町": (360_000, 260_000),
    }


def test_rounding_that_leaves_yen_to_nobody(tmp_path: Path) -> None:
    """100,000 and 110,000 in three: 33,333 and 36,666 each; 1円 and 2円 are nobody's."""
    rules = "■経費 事務費\n負担割合: 均等割\n端数: 円未満切捨て、差額は調整しない\n"
    outcome = settled_by(
        tmp_path, rules, {"事務費": (100_000, 110_000)}, [(INCOME, 99_999, 99_999)]
    )
    assert set(differences(outcome).values()) == {3_333}


def test_a_member_of_half_a_year_with_the_rest_carried(tmp_path: Path) -> None:
    """丙町 joins in October: 3/6 of a third; after the year 60,000 instead of 90,000."""
    rules = (
        "■経費 事務費\n名簿: 部会\n負担割合: 均等割\n"
        "途中参加: 月割（参加した月を含む）、減った分は繰越\n"
    )
    outcome = settled_by(
        tmp_path,
        rules,
        {"事務費": (90_000, 60_000)},
        [(INCOME, 75_000, 75_000)],
        rosters={"部会": {"甲市": "○", "乙市": "○", "丙町": "R7.10.1から"}},
    )
    assert rows(outcome)["事務費"] == {
        "甲市": (30_000, 20_000),
        "乙市": (30_000, 20_000),
        "丙町": (15_000, 10_000),
    }


def test_own_amounts_of_members(tmp_path: Path) -> None:
    """特別交付税 of 甲市 (10,000円) is taken off first and put back behind."""
    taxes = dict(zip(FIGURES, (10_000, 0, 0), strict=True))
    heading = "特別交付税（円、令和7年度算定）"
    figures = {name: {**own, heading: taxes[name]} for name, own in FIGURES.items()}
    rules = (
        "■経費 運用費\n基礎数値: 特別交付税（当年度算定）\n負担割合: 人口割\n"
        "団体別加減: 特別交付税を先に引き、後で足す\n"
    )
    outcome = settled_by(
        tmp_path,
        rules,
        {"運用費": (110_000, 90_000)},
        [(INCOME, 110_000, 110_000)],
        figures=figures,
    )
    # 100,000 and 80,000 by 人口, and 10,000 for 甲市
    assert rows(outcome)["運用費"] == {
        "甲市": (60_000, 50_000),
        "乙市": (30_000, 24_000),
        "丙町": (20_000, 16_000),
    }


def test_a_lead_gets_the_difference_of_its_group(tmp_path: Path) -> None:
    rules = "■グループ 組\n団体: 乙市、丙町\n代表: 乙市\n■経費 運用費\n負担割合: 人口割\n"
    outcome = settled_by(
        tmp_path, rules, {"運用費": (1_000_000, 900_000)}, [(INCOME, 1_000_000, 1_000_000)]
    )
    by_payer = {
        own[0].member.name: difference_of(own) for own in settled(outcome).by_payer.values()
    }
    assert by_payer == {"甲市": -50_000, "乙市": -50_000}
    assert any(equation.level == "代表" for equation in outcome.equations)


def test_a_smoothed_contract_that_cost_less(tmp_path: Path) -> None:
    """A fifth of 6,000,000 is the budget of the year; 1,100,000 was paid: 550,000 by 人口."""
    rules = "■経費 運用費\n負担割合: 人口割\n平準化: 総額 6,000千円を 60か月（令和4年4月から）、端数は最終年度\n"
    received = [(INCOME, 1_200_000, 1_200_000)]
    outcome = settled_by(tmp_path, rules, {"運用費": (1_200_000, 1_100_000)}, received)
    assert rows(outcome)["運用費"]["甲市"] == (600_000, 550_000)


def test_a_line_that_gives_money_back(tmp_path: Path) -> None:
    """A negative 決算額 (more was returned than paid) is shared like any other."""
    outcome = settled_by(
        tmp_path,
        "■経費 運用費\n負担割合: 人口割\n",
        {"運用費": (100_000, -10_000)},
        [(INCOME, 100_000, 100_000)],
    )
    assert rows(outcome)["運用費"]["甲市"] == (50_000, -5_000)


YEN = st.integers(min_value=0, max_value=10**9)


@settings(deadline=None, max_examples=60)
@given(
    spent=st.tuples(YEN, YEN),
    planned=st.tuples(YEN, YEN),
    other=st.integers(-(10**6), 10**6),
    way=st.sampled_from(WAYS),
)
def test_any_final_amounts_close(
    tmp_path_factory: pytest.TempPathFactory,
    spent: tuple[int, int],
    planned: tuple[int, int],
    other: int,
    way: str,
) -> None:
    root = tmp_path_factory.mktemp("closing")
    budget = {"運用費": (planned[0], spent[0]), "事務費": (planned[1], spent[1])}
    received = [(INCOME, sum(planned), sum(planned)), ("雑入", 0, other)]
    rules = "■経費 運用費\n負担割合: 人口割\n■経費 事務費\n負担割合: 均等割\n"
    council(root, rules + settlement(way), budget, received)
    save(root, "members/r7/reserve.csv", f"事業,前年度末残高（円）\n共同事業,{10**10}\n")
    outcome = settle(root, R7)
    found = sum(differences(outcome).values())
    assert found == sum(spent) - other - sum(planned)
    (reserve,) = settled(outcome).reserves
    assert reserve.after == 10**10 - (found if way == WAYS[2] else 0)
    assert all(equation.left == equation.right for equation in outcome.equations)
