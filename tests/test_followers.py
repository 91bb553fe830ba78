"""One mistake gives one message, however much follows from it; and nothing takes for ever."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from apportion.core.year import FiscalYear
from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from tests.properties import council

R7 = FiscalYear(2025)
COMMON, RULES = "rules/r7/00.txt", "rules/r7/10.txt"
FIGURES, ROSTER, MEMBERS = "members/r7/figures.csv", "members/r7/roster.csv", "members/members.csv"
BUDGET, INCOME, PREVIOUS = "rules/r7/budget.csv", "rules/r7/income.csv", "members/r7/previous.csv"
CHAIN = "".join(f"■基準 甲{i}割\n値: 甲{i + 1}割 + 1\n" for i in range(400))
NEST = "".join(f"■グループ 丙{i}\n団体: 丙{i + 1}\n" for i in range(600))
WIDE = "".join(f"■基準 丁{i}割\n値: 丁{i + 1}割 + 丁{i + 1}割 + 丁{i + 1}割\n" for i in range(9))

NOTICE = "W858"
"""What a sound council hears, as one of its members joins in July."""


def codes(root: Path, name: str, old: str, new: str) -> list[str]:
    council.write(root)
    text = council.FILES[name]
    assert text.count(old) == 1, (name, old)
    (root / name).write_text(text.replace(old, new), encoding="utf-8")
    return [problem.code for problem in examine(load(root, R7)).problems]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        # a ■ block or 基礎数値 with a fault: that others cannot use it is not said again
        (COMMON, "1.5倍", "0倍", ["W223"]),
        (COMMON, "（令和2年10月1日現在）", "", ["W225"]),
        (COMMON, "団体: みどり町、こだま村", "団体:", ["W211"]),
        (RULES, "1万人未満: 100", "²万人未満: 100", ["W226"]),
        (RULES, "その他: 大きい方", "その他: 大きい方」", ["W230"]),
        (RULES, "■係数表 地域", "■係数帳 地域", ["W206"]),
        # a heading with a fault: that the 経費 has no rule is not said again
        (RULES, "■経費 利用料", "■経貴 利用料", ["W206"]),
        (RULES, "■経費 ほかの経費すべて", "■経費 事務費、ほかの経費すべて", ["W246"]),
        # rows of rosters and figures with a fault: 検算 and names that need them are not judged
        (ROSTER, "R7.7.1から", "R7.7.1カラ", ["W311"]),
        (MEMBERS, "990035,こだま村", "99003,こだま村", ["W121"]),
        (PREVIOUS, "200000", "20万", ["W113"]),
        # 収入の部: the sum by 区分 is not judged while one 事業 differs
        (INCOME, "1099451", "1099452", ["W410"]),
        (INCOME, "共同,予約,", "共同,予や,", ["W413"]),
        (INCOME, "共同,予約,", "共同社,予約,", ["W416"]),
        (INCOME, "共同,,繰越金,16464", "共同,研修,負担金収入,16464", ["W417"]),
    ],
)
def test_a_follower_is_not_told(
    tmp_path: Path, name: str, old: str, new: str, expected: Sequence[str]
) -> None:
    assert codes(tmp_path, name, old, new) == expected


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        # numbers beyond all reason
        (FIGURES, "50000", "9" * 5000, {"W113"}),
        (FIGURES, "50000", "1e999999999", {"W113"}),
        (BUDGET, "12.415", "0." + "1" * 5000, {"W113"}),
        (COMMON, "1.5倍", "9" * 5000 + "倍", {"W223"}),
        (COMMON, "小数第3位", "小数第999999999位", {"W223"}),
        (RULES, "1件につき", "0件につき", {"W223"}),
        # powers
        (COMMON, "人口が2倍で負担が1.5倍", "人口^999999999999999999999", {"W334"}),
        (COMMON, "人口が2倍で負担が1.5倍", "人口^99999999999999999999.5", {"W334"}),
        (COMMON, "人口が2倍で負担が1.5倍", "0.0001^人口", {"W334"}),
        (RULES, "× 1/2 + 1円 × 件数の計", "^ 9999999", {"W408"}),
        # blocks and groups within one another
        (COMMON, "団体: みどり町、こだま村", "団体: みどり町、湖岸", {"W335"}),
        (RULES, "■係数表 地域", f"{CHAIN}■基準 甲400割\n値: 1\n■係数表 地域", set()),
        (RULES, "（こだま村を除く）", "（丙0を除く）", {"W320"}),
    ],
)
def test_what_is_beyond_reason_is_refused(
    tmp_path: Path, name: str, old: str, new: str, expected: set[str]
) -> None:
    found = set(codes(tmp_path, name, old, new))
    assert expected <= found
    assert expected or found == {NOTICE}


def test_groups_in_groups_in_groups(tmp_path: Path) -> None:
    root = council.write(tmp_path)
    text = council.RULES.replace("（こだま村を除く）", "（丙0を除く）")
    (root / RULES).write_text(f"{text}{NEST}■グループ 丙600\n団体: みどり町\n", encoding="utf-8")
    assert [p.code for p in examine(load(root, R7)).problems] == ["W335"]


def test_a_basis_on_a_basis_on_a_basis(tmp_path: Path) -> None:
    root = council.write(tmp_path)
    text = council.RULES.replace("逓減人口割 70%", "甲0割 70%")
    (root / RULES).write_text(f"{text}{CHAIN}■基準 甲400割\n値: 1\n", encoding="utf-8")
    assert [p.code for p in examine(load(root, R7)).problems] == ["W333"]


def test_a_basis_that_names_another_many_times(tmp_path: Path) -> None:
    root = council.write(tmp_path)
    text = council.RULES.replace("逓減人口割 70%", "丁0割 70%")
    (root / RULES).write_text(f"{text}{WIDE}■基準 丁9割\n値: 件数\n", encoding="utf-8")
    assert [p.code for p in examine(load(root, R7)).problems] == [NOTICE]
