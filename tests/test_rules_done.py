"""What a rule says is done, or told: a small council, every yen worked out by hand."""

from fractions import Fraction
from pathlib import Path

import pytest

from apportion.core.problem import InputError, Problem
from tests import small
from tests.test_explain import check_all, records, said
from tests.test_meaning import BIND, people

COUNCIL = people(A市=30_000, D市=21_001, B町=10_000, C村=5_003)
BY_PEOPLE = BIND + "■経費 運用費\n負担割合: 人口割\n"


def charged(root: Path, rules: str, budget: int = 1_000_000) -> dict[str, int]:
    """Charges of 運用費; every one can be worked out again from its explanation."""
    outcome = small.run(small.write(root, rules, {"運用費": budget}, COUNCIL))
    check_all(outcome, records(outcome))
    return small.yen(outcome)["運用費"]


def refused(root: Path, rules: str) -> tuple[Problem, ...]:
    small.write(root, rules, {"運用費": 1_000_000}, COUNCIL)
    with pytest.raises(InputError) as caught:
        small.run(root)
    return caught.value.problems


def whole(exact: dict[str, Fraction]) -> dict[str, int]:
    """Cut to yen; the rest to the largest remainders."""
    cut = {name: int(yen) for name, yen in exact.items()}
    first = sorted(exact, key=lambda name: cut[name] - exact[name])
    for name in first[: int(sum(exact.values())) - sum(cut.values())]:
        cut[name] += 1
    return cut


PEOPLE = {"A市": 30_000, "D市": 21_001, "B町": 10_000, "C村": 5_003}
FREE = {name: Fraction(1_000_000 * count, 66_004) for name, count in PEOPLE.items()}
OVER = FREE["B町"] - 100_000
"""B町 owes 151,505.96… yen: this is beyond a cap of 100,000."""


@pytest.mark.parametrize(
    ("payer", "expected"),
    [
        # A市 454,517.90 + 51,505.97 × 30,000/51,001, D市 318,177.68 + 51,505.97 × 21,001/51,001
        ("市", {"A市": 484_815, "D市": 339_387, "B町": 100_000, "C村": 75_798}),
        # B町 is held: the other three bear 900,000 by 30,000 : 21,001 : 5,003
        ("会員", {"A市": 482_108, "D市": 337_492, "B町": 100_000, "C村": 80_400}),
        ("北の団体", {"A市": 498_662, "D市": 318_178, "B町": 100_000, "C村": 83_160}),
        ("A市、D市", {"A市": 484_815, "D市": 339_387, "B町": 100_000, "C村": 75_798}),
        ("会員（C村を除く）", {"A市": 484_815, "D市": 339_387, "B町": 100_000, "C村": 75_798}),
        ("D市", {"A市": 454_518, "D市": 369_684, "B町": 100_000, "C村": 75_798}),
    ],
)
def test_what_is_over_is_borne_by_all_that_are_named(
    payer: str, expected: dict[str, int], tmp_path: Path
) -> None:
    named = {"会員": "ADC", "北の団体": "AC", "D市": "D"}.get(payer, "AD")
    bearing = {name: count for name, count in PEOPLE.items() if name[0] in named}
    exact = {
        name: FREE[name] + OVER * bearing.get(name, 0) / sum(bearing.values()) for name in PEOPLE
    } | {"B町": Fraction(100_000)}
    assert whole(exact) == expected
    rules = f"{BY_PEOPLE}上限: 町村ごとに 100千円、超えた分は{payer}が負担\n"
    group = "■グループ 北の団体\n団体: A市、C村\n"
    assert charged(tmp_path, rules + group) == expected


def test_it_is_shared_by_what_the_whole_line_gives_each(tmp_path: Path) -> None:
    # 300,000 in equal parts and 700,000 by people; B町 is held at 150,000
    rules = (
        f"{BIND}■経費 運用費\n負担割合: 均等割 30% + 人口割 70%\n"
        "上限: B町ごとに 150千円、超えた分は市が負担\n"
    )
    free = {name: 75_000 + Fraction(700_000 * count, 66_004) for name, count in PEOPLE.items()}
    more = (free["B町"] - 150_000) / (free["A市"] + free["D市"])
    exact = {name: free[name] * (1 + more) for name in ("A市", "D市")}
    right = whole(exact | {"B町": Fraction(150_000), "C村": free["C村"]})
    assert right == {"A市": 410_834, "D市": 311_107, "B町": 150_000, "C村": 128_059}
    assert charged(tmp_path, rules) == right


BOTH_CAPS = (
    "上限: 町村ごとに 100千円、超えた分は市が負担\n上限: A市ごとに 460千円、超えた分はD市が負担\n"
)


@pytest.mark.parametrize("rest", [BOTH_CAPS, "\n".join(BOTH_CAPS.splitlines()[::-1]) + "\n"])
def test_a_payer_stays_within_its_own_cap(rest: str, tmp_path: Path) -> None:
    # A市 454,517.9 + 30,297.2 is beyond 460,000: D市 bears what A市 cannot, in either order
    exact = {"A市": Fraction(460_000), "B町": Fraction(100_000), "C村": FREE["C村"]}
    right = whole(exact | {"D市": 440_000 - FREE["C村"]})
    assert right == {"A市": 460_000, "D市": 364_202, "B町": 100_000, "C村": 75_798}
    assert charged(tmp_path, BY_PEOPLE + rest) == right


def test_it_holds_for_the_sum_over_the_project_too(tmp_path: Path) -> None:
    # whole yen of the line: 454,518 318,178 151,506 75,798; 51,506 by 454,518 : 318,178
    cap = "上限: 町村ごとに 100千円、超えた分は市が負担\n"
    root = small.write(tmp_path, cap + BY_PEOPLE, {"運用費": 1_000_000}, COUNCIL)
    outcome = small.run(root)
    check_all(outcome, records(outcome))
    adjusted = {"A市": 30_297, "D市": 21_209, "B町": -51_506, "C村": 0}
    assert 51_506 * 454_518 // (454_518 + 318_178) == 30_297
    assert small.yen(outcome)["激変緩和調整"] == adjusted


def test_how_it_was_shared_is_told(tmp_path: Path) -> None:
    rules = f"{BY_PEOPLE}上限: 町村ごとに 100千円、超えた分は市が負担\n"
    outcome = small.run(small.write(tmp_path, rules, {"運用費": 1_000_000}, COUNCIL))
    lines = said(outcome, "D市", "運用費")
    told = [line for line in lines if "超えた分" in line and "上限:" not in line]
    assert told[0].startswith("超えた分を足した額 339,386.620…円")
    assert "ほかの団体が上限を超えた分 51,505.969…円 × 318,177.686…円" in "".join(lines)


CANNOT_BEAR = f"{BY_PEOPLE}上限: 市町村ごとに 340千円、超えた分は市が負担\n"
NO_WEIGHTS = (
    f"{BIND}■経費 運用費\n負担割合: 町村に 人口割\n上限: 町村ごとに 500千円、超えた分は市が負担\n"
)


@pytest.mark.parametrize(
    ("rules", "code", "words"),
    [
        # A市 is 114,517.91 over 340,000, D市 has room for 21,822.31
        (CANNOT_BEAR, "W512", "92,696円を負担する団体がありません"),
        (NO_WEIGHTS, "W503", "「市」に、2団体が当たりますが、分け方が決まりません"),
        (f"端数: 円未満切捨て、差額は市が負担\n{BY_PEOPLE}", "W503", "「市」に、2団体が当たります"),
        (f"端数: 円未満切捨て、差額はA市、D市が負担\n{BY_PEOPLE}", "W503", "2団体が当たります"),
    ],
)
def test_what_is_not_settled_stops(rules: str, code: str, words: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, rules)
    assert problem.code == code
    assert words in problem.what


def test_one_that_a_word_means_takes_the_rest(tmp_path: Path) -> None:
    rules = f"{BY_PEOPLE}端数: 円未満切捨て、差額は村が負担\n"
    cut = {name: int(yen) for name, yen in FREE.items()}
    assert charged(tmp_path, rules) == cut | {"C村": cut["C村"] + 1_000_000 - sum(cut.values())}


@pytest.mark.parametrize(
    "line",
    [
        "課税区分: 課税8%",
        "課税区分: 課税",
        "端数: 円未満切捨て、差額は最も人口の多い団体",
        "端数: 円未満切捨て、差額は人口の少ない順",
        "端数: 円未満切捨て、差額は調整する",
        "途中参加: 半月割",
        "対象団体: A市、B町",
        "減免: C村 50%",
        "減免 C村 50%",
        "特別負担割合: 人口割",
        "負担割合: 昼間人口割",
        "負担割合: 市街地人口割 50% + 人口割 50%",
        "負担割合: 北A市に 50%",
    ],
)
def test_words_that_would_be_lost_have_no_line_to_copy(line: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, f"{BY_PEOPLE}{line}\n")
    assert "次の行に" not in problem.fix
    assert "※ " not in problem.fix
    assert "に直してください。" not in problem.fix or "意味の同じ" in problem.fix


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("端数: 円未満切り捨て、差額は端数の大きい順", "切捨て"),
        ("端数: 円未満切捨て、差額は端数の大きい順番", ""),
        ("端数: 円未満切捨て、差額は年度ごと輪番", "年度ごとに輪番"),
        ("課税区分: 非課税", ""),
    ],
)
def test_a_slip_of_the_pen_has_one(line: str, mended: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, f"{BY_PEOPLE}{line}\n")
    assert ("次の行に直してください" in problem.fix) == bool(mended)
    assert mended in problem.fix


RATES = [
    "値: 人口 ÷ 人口の計",
    "値: 人口 ÷ 人口の計 × 100",
    "値: （人口 ÷ 人口の計 + 均等割 ÷ 均等割の計） ÷ 2",
    "値: 人口率",
]


@pytest.mark.parametrize("value", RATES)
def test_rates_that_rounding_leaves_off_the_whole_stop(value: str, tmp_path: Path) -> None:
    """30,000 21,001 10,000 5,003 of 66,004: 0.455 0.318 0.152 0.076 add up to 1.001."""
    digits = "1" if "100" in value else "3"
    rules = (
        f"{BIND}■経費 運用費\n負担割合: 率割\n■基準 率割\n{value}\n端数: 小数第{digits}位未満四捨五入\n"
        "■基準 人口率\n値: 人口 ÷ 人口の計\n端数: 小数第3位未満四捨五入\n"
    )
    if "均等割" in value:  # 0.352 0.284 0.201 0.163 add up to 1
        right = {"A市": 352_000, "D市": 284_000, "B町": 201_000, "C村": 163_000}
        assert charged(tmp_path, rules) == right
        return
    (problem,) = refused(tmp_path, rules)
    assert problem.code == "W509"
    whole = "100.1" if digits == "1" else "1.001"
    assert f"（端数を処理して {whole}）" in problem.what


@pytest.mark.parametrize("value", ["人口 ÷ 人口の計", "人口", "人口 ÷ 1万"])
def test_rates_that_are_not_cut_or_are_no_parts_of_a_whole_stay(value: str, tmp_path: Path) -> None:
    value = value.replace("1万", "10000")
    rules = f"{BIND}■経費 運用費\n負担割合: 率割\n■基準 率割\n値: {value}\n"
    assert charged(tmp_path, rules) == whole(FREE)


def test_each_price_is_cut_alone_where_the_rule_says_so(tmp_path: Path) -> None:
    """5,003 × 0.15 = 750.45 and × 0.55 = 2,751.65: 3,502.10 together, 750 + 2,751 alone."""
    prices = "負担割合: 人口 1人につき 0.15円\n負担割合: 人口 1人につき 0.55円\n"
    rules = f"{BIND}■経費 運用費\n{prices}検算: 合計 = 予算額（±1,000,000円）\n"
    by_item = rules + "端数: 円未満切捨て（基準ごと）、差額は調整しない\n"
    right = {"A市": 21_000, "D市": 3_150 + 11_550, "B町": 7_000, "C村": 750 + 2_751}
    assert charged(tmp_path / "a", by_item) == right
    assert charged(tmp_path / "b", rules) == right | {"C村": 3_502}


def test_a_rate_and_a_price_are_cut_alone_too(tmp_path: Path) -> None:
    """D市: 21,001 × 0.5 = 10,500.5 and a third of 1円 = 0.33 each, rounded half up: 10,501 + 0."""
    prices = "負担割合: 人口 1人につき 0.5円\n負担割合: 人口 63,003人につき 1円\n"
    stage = "端数: 円未満四捨五入（基準ごと）、差額は調整しない\n"
    rules = f"{BIND}■経費 運用費\n{prices}{stage}検算: 合計 = 予算額（±1,000,000円）\n"
    right = {"A市": 15_000, "D市": 10_501, "B町": 5_000, "C村": 2_502}
    assert charged(tmp_path, rules) == right


def test_a_roster_of_the_common_file_holds_where_no_other_is_said(tmp_path: Path) -> None:
    rosters = {"二団体": {"A市": "○", "B町": "○"}, "三団体": {"A市": "○", "B町": "○", "C村": "○"}}
    rules = f"{BIND}■経費 運用費\n負担割合: 均等割\n■経費 事務費\n名簿: 三団体\n負担割合: 均等割\n"
    budget = {"運用費": 1_000, "事務費": 900}
    root = small.write(tmp_path, rules, budget, COUNCIL, rosters=rosters)
    own = root / "rules/r7/10.txt"
    own.write_text(own.read_text("utf-8").replace("名簿: 全団体名簿\n", "", 1), "utf-8")
    common = "書式: 1\n事業: 共通\n年度: 令和7年度\n状態: 案\n名簿: 二団体\n"
    small.save(root, "rules/r7/00.txt", common)
    assert small.yen(small.run(root)) == {
        "運用費": {"A市": 500, "B町": 500},
        "事務費": {"A市": 300, "B町": 300, "C村": 300},
    }
