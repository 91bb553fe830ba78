"""The order of meaning, clause by clause, on figures small enough to work out by hand."""

from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from apportion.outputs import data
from tests import small

POPULATION = "人口（人、令和2年10月1日現在）"
BIND = "基礎数値: 人口（令和2年10月1日現在）\n"


def people(**counts: int) -> dict[str, dict[str, int | str]]:
    return {name: {POPULATION: count} for name, count in counts.items()}


def test_rotation_begins_at_the_turn_and_moves_on(tmp_path: Path) -> None:
    # 100 over three: 33 each, 1 left; the turn is C村's, then it is A市's again
    rules = "端数: 円未満切捨て、差額は年度ごとに輪番\n■経費 事務費\n負担割合: 均等割\n"
    root = small.write(tmp_path, rules, {"事務費": 101}, people(A市=5, B町=3, C村=2))
    small.save(
        root,
        "members/r7/rotation.csv",
        f"事業,経費,次の番（団体コード）\n共同事業,事務費,{small.code(3)}\n",
    )
    outcome = small.run(root)
    # 101 = 33 × 3 + 2: C村 and then A市; B町 is next
    assert small.yen(outcome) == {"事務費": {"A市": 34, "B町": 33, "C村": 34}}
    written = data.rotation_csv(outcome)
    assert written is not None
    assert written.decode("utf-8-sig").splitlines()[1] == f"共同事業,事務費,{small.code(2)}"


def test_rotation_without_a_table_begins_at_the_smallest_code(tmp_path: Path) -> None:
    rules = "端数: 円未満切捨て、差額は年度ごとに輪番\n■経費 事務費\n負担割合: 均等割\n"
    root = small.write(tmp_path, rules, {"事務費": 100}, people(A市=5, B町=3, C村=2))
    assert small.yen(small.run(root)) == {"事務費": {"A市": 34, "B町": 33, "C村": 33}}


def test_a_cap_on_last_years_charge(tmp_path: Path) -> None:
    # 1,000 by 5:3:2 is 500/300/200. Last year 400/300/200: the cap 110% holds A市 at 440,
    # and 60 more go to B町 and C村 by 3:2: 336/224.
    rules = (
        BIND + "■経費 運営費\n負担割合: 人口割\n"
        "上限: A市ごとに 前年度の110%、超えた分は残りの団体で割り直す\n"
    )
    wide = rules.replace("A市ごとに ", "")
    root = small.write(tmp_path, wide, {"運営費": 1000}, people(A市=5, B町=3, C村=2))
    last = [("A市", 400), ("B町", 320), ("C村", 220)]
    previous(root, "運営費", last)
    assert small.yen(small.run(root)) == {"運営費": {"A市": 440, "B町": 336, "C村": 224}}


def previous(root: Path, line: str, amounts: list[tuple[str, int]]) -> None:
    rows = "".join(
        f"{small.code(n)},{name},共同事業,{line},{yen}\n"
        for n, (name, yen) in enumerate(amounts, start=1)
    )
    small.save(
        root, "members/r7/previous.csv", "団体コード,団体名,事業,経費,負担金額（円）\n" + rows
    )


def test_a_member_without_last_year_is_an_error_unless_left_out(tmp_path: Path) -> None:
    rules = (
        BIND + "■経費 運営費\n負担割合: 人口割\n"
        "上限: 前年度の110%、超えた分は残りの団体で割り直す\n"
    )
    root = small.write(tmp_path / "a", rules, {"運営費": 1000}, people(A市=5, B町=3, C村=2))
    previous(root, "運営費", [("A市", 400), ("B町", 320)])
    with pytest.raises(InputError) as caught:
        small.run(root)
    assert [p.code for p in caught.value.problems] == ["W514"]
    skipped = rules.replace("割り直す\n", "割り直す、前年度のない団体は除く\n")
    root = small.write(tmp_path / "b", skipped, {"運営費": 1000}, people(A市=5, B町=3, C村=2))
    previous(root, "運営費", [("A市", 400), ("B町", 400)])
    # A市 440; the other 560 by 3:2
    assert small.yen(small.run(root)) == {"運営費": {"A市": 440, "B町": 336, "C村": 224}}


def test_a_former_name_finds_last_years_charge(tmp_path: Path) -> None:
    rules = (
        BIND + "■経費 運営費\n旧名: 管理費\n負担割合: 人口割\n"
        "上限: 前年度の110%、超えた分は残りの団体で割り直す\n"
    )
    root = small.write(tmp_path, rules, {"運営費": 1000}, people(A市=5, B町=3, C村=2))
    previous(root, "管理費", [("A市", 400), ("B町", 320), ("C村", 220)])
    assert small.yen(small.run(root))["運営費"]["A市"] == 440


def test_a_cap_on_the_whole_project_stands_beside_its_lines(tmp_path: Path) -> None:
    # 運営費 1,000 by 5:3:2, 事務費 300 in equal parts: 600/400/300. Last year 500/400/300 in all.
    # Cap 110%: A市 550; the 50 go to B町 and C村 by 400:300 = 28.57 and 21.43 → 429 (428.57), 321.
    rules = (
        BIND + "上限: 前年度の110%、超えた分は残りの団体で割り直す\n"
        "■経費 運営費\n負担割合: 人口割\n■経費 事務費\n負担割合: 均等割\n"
    )
    budget = {"運営費": 1000, "事務費": 300}
    root = small.write(tmp_path, rules, budget, people(A市=5, B町=3, C村=2))
    previous(root, "運営費", [("A市", 500), ("B町", 400), ("C村", 300)])
    outcome = small.run(root)
    assert small.yen(outcome) == {
        "運営費": {"A市": 500, "B町": 300, "C村": 200},
        "事務費": {"A市": 100, "B町": 100, "C村": 100},
        "激変緩和調整": {"A市": -50, "B町": 29, "C村": 21},
    }
    assert all(equation.difference == 0 for equation in outcome.equations)


def test_smoothing_asserts_this_years_part(tmp_path: Path) -> None:
    # 600 over 60 months from January 2022: 12 months of 令和7年度 are 120
    rules = "■経費 準備費\n平準化: 総額 600円を 60か月(令和4年1月から)、端数は最終年度\n負担割合: 均等割\n"
    root = small.write(tmp_path / "a", rules, {"準備費": 120}, people(A市=5, B町=3))
    assert small.yen(small.run(root)) == {"準備費": {"A市": 60, "B町": 60}}
    root = small.write(tmp_path / "b", rules, {"準備費": 121}, people(A市=5, B町=3))
    with pytest.raises(InputError) as caught:
        small.run(root)
    assert [p.code for p in caught.value.problems] == ["W414"]


@pytest.mark.parametrize(
    ("begin", "rest", "yen"),
    [("令和7年4月", "初年度", 34), ("令和7年4月", "最終年度", 33),
     ("令和5年4月", "初年度", 33), ("令和5年4月", "最終年度", 34)],
)  # fmt: skip
def test_the_yen_that_is_left_of_a_plan_is_in_its_first_or_last_year(
    tmp_path: Path, begin: str, rest: str, yen: int
) -> None:
    # 100 over three years: 33 each, 1 left
    rules = (
        f"■経費 準備費\n平準化: 総額 100円を 36か月({begin}から)、端数は{rest}\n負担割合: 均等割\n"
    )
    root = small.write(tmp_path, rules, {"準備費": yen}, people(A市=5))
    assert small.yen(small.run(root)) == {"準備費": {"A市": yen}}


def test_who_has_a_blank_in_one_of_the_years_is_led_to_it(tmp_path: Path) -> None:
    figures: dict[str, dict[str, int | str]] = {
        "A市": {"件数（件、令和4年度実績）": 10, "件数（件、令和5年度実績）": 30},
        "B町": {"件数（件、令和4年度実績）": "", "件数（件、令和5年度実績）": 50},
    }
    rules = "基礎数値: 件数（令和4年度から令和5年度まで平均）\n■経費 運営費\n負担割合: 件数割\n"
    root = small.write(tmp_path, rules, {"運営費": 600}, figures)
    with pytest.raises(InputError) as caught:
        small.run(root)
    assert [p.source.cell for p in caught.value.problems] == ["C3"]


def test_an_average_over_years(tmp_path: Path) -> None:
    # means 20 and 40: 600 is 200 and 400
    figures: dict[str, dict[str, int | str]] = {
        "A市": {"件数（件、令和4年度実績）": 10, "件数（件、令和5年度実績）": 30},
        "B町": {"件数（件、令和4年度実績）": 30, "件数（件、令和5年度実績）": 50},
    }
    rules = "基礎数値: 件数（令和4年度から令和5年度まで平均）\n■経費 運営費\n負担割合: 件数割\n"
    root = small.write(tmp_path, rules, {"運営費": 600}, figures)
    assert small.yen(small.run(root)) == {"運営費": {"A市": 200, "B町": 400}}


def test_the_lead_of_a_group_is_invoiced(tmp_path: Path) -> None:
    rules = (
        "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n"
        "■経費 運営費\n負担割合: 均等割\n■グループ 北部\n団体: B町、C村\n代表: B町\n"
    )
    root = small.write(tmp_path, rules, {"運営費": 301}, people(A市=5, B町=3, C村=2))
    outcome = small.run(root)
    assert small.yen(outcome) == {"運営費": {"A市": 101, "B町": 100, "C村": 100}}
    # A市 50 + 51; B町 pays 200: 100 + 100
    assert [(i.code, i.number, i.yen) for i in outcome.instalments] == [
        (small.code(1), 1, 50),
        (small.code(1), 2, 51),
        (small.code(2), 1, 100),
        (small.code(2), 2, 100),
    ]


@pytest.mark.parametrize(
    ("cell", "method", "expected"),
    [
        # 1,200 in equal parts; C村 joins on 1 October: 6 months of 12 → weights 12:12:6
        ("R7.10.1から", "月割（参加した月を含む）、減った分は他の団体で負担", [480, 480, 240]),
        ("R7.10.15から", "月割（翌月から）、減った分は他の団体で負担", [497, 496, 207]),
        ("R7.10.1から", "全額", [400, 400, 400]),
        ("R7.10.1から", "翌年度から、減った分は他の団体で負担", [600, 600, 0]),
        # 182 of 365 days → 365:365:182
        ("R7.10.1から", "日割、減った分は他の団体で負担", [480, 480, 240]),
    ],
)
def test_proration(tmp_path: Path, cell: str, method: str, expected: list[int]) -> None:
    rules = f"途中参加: {method}\n■経費 運営費\n名簿: 途中\n負担割合: 均等割\n"
    rosters = {"途中": {"A市": "○", "B町": "○", "C村": cell}}
    root = small.write(
        tmp_path, rules, {"運営費": 1200}, people(A市=5, B町=3, C村=2), rosters=rosters
    )
    assert list(small.yen(small.run(root))["運営費"].values()) == expected


def test_a_gap_that_is_carried_over_stays_visible(tmp_path: Path) -> None:
    # 1,200 over three; C村 half a year: 400/400/200, 200 carried over
    rules = "途中参加: 月割（参加した月を含む）、減った分は繰越\n■経費 運営費\n名簿: 途中\n負担割合: 均等割\n"
    rosters = {"途中": {"A市": "○", "B町": "○", "C村": "R7.10.1から"}}
    root = small.write(
        tmp_path, rules, {"運営費": 1200}, people(A市=5, B町=3, C村=2), rosters=rosters, income=1000
    )
    outcome = small.run(root)
    assert small.yen(outcome) == {"運営費": {"A市": 400, "B町": 400, "C村": 200}}
    assert outcome.results[0].carried == 200


def test_a_floor_above_a_cap_is_told_with_the_member(tmp_path: Path) -> None:
    rules = (
        BIND + "■経費 運営費\n負担割合: 人口割\n"
        "上限: 300円、超えた分は残りの団体で割り直す\n"
        "下限: 400円、足りない分は残りの団体で割り直す\n"
    )
    root = small.write(tmp_path, rules, {"運営費": 1000}, people(A市=5, B町=3, C村=2))
    with pytest.raises(InputError) as caught:
        small.run(root)
    (problem,) = caught.value.problems
    assert problem.code == "W512"
    assert problem.what == "A市の下限 400円 が、上限 300円 を超えています。"


def test_a_price_gap_is_declared_or_refused(tmp_path: Path) -> None:
    # 40 each of three is 120; the budget says 123
    rules = "■経費 運営費\n負担割合: 参加団体に 40円ずつ\n"
    declared = rules + "検算: 合計 = 予算額（±3円）\n"
    root = small.write(tmp_path / "a", declared, {"運営費": 123}, people(A市=5, B町=3, C村=2))
    outcome = small.run(root)
    assert outcome.results[0].price_gap == 3
    assert outcome.total == 120
    names = [e.name for e in outcome.equations if "単価差" in e.name]
    assert "共同事業: 団体の負担金の計＋単価差 = 収入の部（負担金収入）" in names
    root = small.write(tmp_path / "b", rules, {"運営費": 123}, people(A市=5, B町=3, C村=2))
    with pytest.raises(InputError) as caught:
        small.run(root)
    assert "W415" in [p.code for p in caught.value.problems]


def test_a_name_that_one_expense_gives_to_a_figure_is_no_block_too(tmp_path: Path) -> None:
    rules = "■基準 甲割\n値: 人口 × 2\n■経費 運営費\n基礎数値: 甲 = 人口（令和2年10月1日現在）\n負担割合: 甲割\n"
    root = small.write(tmp_path, rules, {"運営費": 600}, people(A市=5, B町=3))
    assert "W425" in {problem.code for problem in examine(load(root, small.R7)).problems}


@pytest.mark.parametrize(
    ("more", "words"), [(0, "別の科目（特定財源など）"), (7, "予算書と見比べて")]
)
def test_income_that_holds_what_is_taken_off_is_told_so(
    tmp_path: Path, more: int, words: str
) -> None:
    """1,000 are spent, 100 taken off: 900 are asked for, and 1,000 stand in the income."""
    rules = "■経費 運営費\n差し引く: 繰越金 100円\n負担割合: 均等割\n"
    root = small.write(
        tmp_path, rules, {"運営費": 1_000}, people(A市=5, B町=3), income=1_000 + more
    )
    with pytest.raises(InputError) as caught:
        small.run(root)
    [problem] = caught.value.problems
    assert problem.code == "W410"
    assert words in problem.fix


@pytest.mark.parametrize(
    ("day", "told"), [("7月15日", True), ("7月16日", False), ("8月1日", False)]
)
def test_a_bill_issued_again_is_not_older_than_the_one_it_replaces(
    tmp_path: Path,
    day: str,
    told: bool,  # noqa: FBT001  what is expected
) -> None:
    rules = (
        "■経費 運営費\n負担割合: 均等割\n■請求書\n"
        f"発行日: 令和7年{day}\n再発行: 第1回、令和7年7月16日付け 協議第12号に代わるもの\n"
    )
    root = small.write(tmp_path, rules, {"運営費": 600}, people(A市=5, B町=3))
    codes = {problem.code for problem in examine(load(root, small.R7)).problems}
    assert ("W254" in codes) is told


def told_of_surveys(root: Path, day: str) -> bool:
    """Whether two 経費 by 国勢調査人口 and by 人口 of a day are told to be of two surveys."""
    rules = "■経費 運営費\n負担割合: 国勢調査人口割\n■経費 会議費\n負担割合: 人口割\n"
    figures = {"A市": {"国勢調査人口（人、令和2年10月1日現在）": 5, f"人口（人{day}）": 4}}
    small.write(root, rules, {"運営費": 600, "会議費": 200}, figures)
    return any(one.code == "W345" for one in examine(load(root, small.R7)).problems)


def test_a_figure_without_a_day_is_of_no_survey(tmp_path: Path) -> None:
    assert told_of_surveys(tmp_path, "、令和7年1月1日現在")
    assert not told_of_surveys(tmp_path, "")
