"""精算 is an act like others: decided, sealed in the chain, verified, withdrawn and settled again.

The council of `test_settle`: 甲市 -27,145, 乙市 -14,966, 丙町 -8,879円 of 1,100,000円 billed. With 110,000円
spent more on 運用費 (1,050,010円: 525,005, 315,003 and 210,002円) and 1,000円 of 利子 shared by
561,672 : 351,670 : 246,668 (484.21, 303.17, 212.65 of 1,160,010: 484, 303 and 213円), 甲市 owes 561,672 - 484
of the 533,334 that it was billed: +27,854円.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.core.year import SETTLED, Edition
from apportion.outcome.issued import Issues
from apportion.pipeline import decide, run, run_settlement, verify
from apportion.years.begin.new_year import new_year
from apportion.years.issues.decide import Decision
from apportion.years.issues.seal import Note, seal
from apportion.years.issues.withdraw import withdraw
from tests import sealing, workspace
from tests.program import apportion
from tests.settling import RECEIVED, RULES, SPENT, council, settlement
from tests.small import R7, code
from tests.test_settle_files import FOLDER, cells, letter, sheet

BILLED = Decision(None, date(2025, 5, 30), "総会議決")
CLOSED = Decision(SETTLED, date(2026, 7, 30), "決算認定")
HEAD = """
■請求書
住所: 一番地
発行者: 協議会
代表者: 会長
文書番号: 協第1号
精算文書番号: 協第90号
発行日: 令和7年6月2日
精算発行日: 令和8年8月3日
納入場所: 銀行
振込先: 普通 0000000
口座名義: 協議会
担当者: 会計
"""
FILE = "rules/r7/10.txt"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """What was billed is sealed as 第1回; 丙町 is billed to 乙市."""
    group = "■グループ 組\n団体: 乙市、丙町\n代表: 乙市\n"
    root = council(tmp_path, group + RULES + settlement("還付と追徴"), SPENT, RECEIVED)
    path = root / FILE
    path.write_text(re.sub("状態: .*", "状態: 議決", path.read_text("utf-8")) + HEAD, "utf-8")
    decide(root, R7, BILLED)
    return root


def spend(root: Path, yen: int) -> None:
    workspace.edit(root / "rules/r7/budget.csv", "940010", str(yen))


def faults(root: Path, day: date | None = None) -> list[str]:
    with pytest.raises(InputError) as raised:
        seal(root, R7, Note("決算認定", day), SETTLED)
    return [problem.code for problem in raised.value.problems]


def test_it_is_decided_sealed_and_verified(root: Path) -> None:
    made = decide(root, R7, CLOSED)
    assert (made.number, made.case, made.is_bill) == (2, SETTLED, False)
    assert {name: bill["請求額_円"] for name, bill in made.record["請求"].items()} == {
        code(1): -27_145,
        code(2): -14_966 - 8_879,
        code(3): -8_879,
    }
    held = made.record["請求"][code(2)]
    assert held["整理番号"] == f"R7-{code(2)}-精算、R7-{code(2)}-代表-精算"
    assert (held["文書番号"], held["発行日"]) == ("協第90号の2、協第90号の4", "2026-08-03")
    assert (root / "rules/r7/acts.csv").read_text("utf-8-sig").splitlines()[2:] == [
        "精算,令和8年7月30日,議決,決算認定"
    ]
    for folder in (made.folder, root / FOLDER, root / "outputs/確定/r7"):
        problems, said = verify(folder, root)
        assert problems == (), folder
        assert "△50,990円" in said
    issues = Issues.of(root, R7)
    newest = issues.newest()
    assert newest
    assert newest.number == 1
    assert sum(part.yen for part in newest.instalments()) == 1_100_000


def test_it_is_a_draft_until_it_is_voted(root: Path) -> None:
    outcome = run_settlement(root, R7)
    assert outcome.state == "案"
    assert faults(root) == ["W870"]
    assert ["負担金精算書（案）"] in list(cells(sheet(letter(root, 1), "通知")))
    with (root / "rules/r7/acts.csv").open("a", encoding="utf-8") as file:
        file.write("精算,令和8年7月30日,議決,決算認定\n")
    assert faults(root) == ["W872"]
    assert run_settlement(root, R7).state == "議決"
    assert faults(root, date(2026, 8, 1)) == ["W868"]
    assert seal(root, R7, Note("決算認定"), SETTLED).day == date(2026, 7, 30)
    assert faults(root) == ["W873"]


def test_what_was_sealed_is_never_replaced_in_silence(root: Path) -> None:
    decide(root, R7, CLOSED)
    before = sealing.contents(root / "outputs/確定")
    spend(root, 1_050_010)
    outcome = run_settlement(root, R7)
    assert [p.code for p in outcome.problems] == ["W881", "W886"]
    assert "甲市 △27,145円 → 27,854円（+54,999円）" in outcome.problems[0].what
    assert sealing.contents(root / "outputs/確定") == before
    form = [str(cell) for line in cells(sheet(letter(root, 1), "通知")) for cell in line]
    assert (
        "再発行（第1回）　令和8年8月3日付け 協第90号の1"
        f"（整理番号 R7-{code(1)}-精算、第2回 令和8年7月30日 決算認定）に代わるもの"
    ) in form
    workspace.edit(root / FILE, "令和8年8月3日", "令和8年9月1日")
    assert [p.code for p in run_settlement(root, R7).problems] == ["W881"]
    made = seal(root, R7, Note("決算の訂正"), SETTLED)
    held = made.record["請求"][code(1)]
    assert (held["整理番号"], held["文書番号"]) == (f"R7-{code(1)}-精算-再1", "協第90号の1（再1）")
    assert verify(root / "outputs/確定/r7", root)[0] == ()
    assert [p.code for p in run_settlement(root, R7).problems] == []


def test_it_is_withdrawn_and_settled_again(root: Path) -> None:
    decide(root, R7, CLOSED)
    gone = withdraw(root, R7, Note("決算の誤り", date(2026, 8, 10)))
    assert (gone.withdraws, gone.case) == (2, SETTLED)
    issues = Issues.of(root, R7)
    assert issues.latest(SETTLED) is None
    assert [issue.number for issue in issues.standing()] == [1]
    spend(root, 1_050_010)
    made = decide(root, R7, Decision(SETTLED, date(2026, 8, 20), "再度の認定"))
    assert (made.number, made.record["請求"][code(1)]["請求額_円"]) == (4, 27_854)
    assert made.record["請求"][code(1)]["整理番号"].endswith("-精算-再1")
    assert verify(root / "outputs/確定/r7", root)[0] == ()


def test_bills_after_it_wait_until_it_is_withdrawn(root: Path) -> None:
    decide(root, R7, CLOSED)
    workspace.edit(root / "members/r7/figures.csv", "20000", "20001")
    run(root, R7)
    with pytest.raises(InputError) as raised:
        seal(root, R7, Note("誤り"))
    assert [problem.code for problem in raised.value.problems] == ["W883"]
    assert "精算を取り消して" in raised.value.problems[0].fix


def test_it_comes_after_all_other_acts(root: Path) -> None:
    path = root / "rules/r7/budget.csv"
    workspace.edit(path, "予算額（円）", "予算額（円）,補正第1号（円）")
    workspace.edit(path, ",1000000,", ",1000000,0,")
    workspace.edit(path, ",100000,", ",100000,0,")
    before = sealing.contents(root)
    with (root / "rules/r7/acts.csv").open("a", encoding="utf-8") as file:
        file.write("補正第1号,令和7年11月20日,議決,補正議決\n")
    with pytest.raises(InputError) as raised:
        decide(root, R7, CLOSED)
    [problem] = raised.value.problems
    assert (problem.code, "「補正1」を確定していない" in problem.what) == ("W869", True)
    decide(root, R7, Decision(Edition(1), date(2025, 11, 20), "補正議決"))
    assert decide(root, R7, CLOSED).number == 3
    assert before.keys() <= sealing.contents(root).keys()


def test_without_the_table_all_that_was_sealed_is_entered(root: Path) -> None:
    (root / "rules/r7/acts.csv").unlink()
    decide(root, R7, CLOSED)
    assert (root / "rules/r7/acts.csv").read_text("utf-8-sig").splitlines()[1:] == [
        "当初,令和7年5月30日,議決,総会議決",
        "精算,令和8年7月30日,議決,決算認定",
    ]


def test_the_command_line(root: Path) -> None:
    done = apportion(
        *("decide", "--year", "r7", "--case", "精算", "--date", "R8.7.30", "--note", "決算認定"),
        *("--dir", str(root)),
    )
    assert done.code == 0, done.stderr
    assert "令和7年度 精算 第2回（令和8年7月30日 決算認定）を確定しました" in done.stdout
    again = apportion(
        *("seal", "--year", "r7", "--case", "精算", "--note", "x", "--dir", str(root))
    )
    assert (again.code, "W873" in again.stderr) == (1, True)


def test_where_it_stands_is_shown(root: Path) -> None:
    """After the year: first to be settled, then to be decided, then sealed."""

    def shown() -> list[str]:
        done = apportion("status", "--year", "r7", "--date", "R8.8.1", "--dir", str(root))
        return [line.strip() for line in done.stdout.splitlines() if "精算" in line]

    # 940,010 + 110,000 spent, 1,000 received beside 1,100,000 that was billed.
    assert shown() == [
        f"精算  案{' ' * 32}まだ確定していません（今の計算 3団体 差額 △50,990円）",
        (
            "精算の案を作って確かめる（出納整理期間 令和8年5月31日は過ぎています）: apportion settle"
            f" --year r7 --dir {root}"
        ),
    ]
    run_settlement(root, R7)
    assert shown()[1] == (
        "精算が議決されたら、確定する: apportion decide --year r7 --case 精算 --date 議決の日"
        f" --note 備考 --dir {root}"
    )
    decide(root, R7, CLOSED)
    [row] = shown()
    assert "令和8年7月30日 議決 （決算認定）" in row
    assert row.endswith("第2回として確定 3団体 決算による負担金 1,050,010円、差額 △50,990円")
    spend(root, 1_050_010)
    assert shown()[1:] == [
        "精算の確定のあとで表や規則が変わり、今の計算では差額の違う団体",
        f"差額の違う 3団体: 表を戻すか、精算し直す: apportion settle --year r7 --dir {root}",
    ]
    withdraw(root, R7, Note("誤り"))
    assert "まだ確定していません（" in shown()[0]
    assert shown()[1] == "取消 第2回（精算）は、第3回（誤り）で取り消しました"


def test_the_next_year_carries_what_was_sealed(root: Path) -> None:
    """A draft that was settled after it is not what bodies were told."""
    workspace.edit(root / FILE, "差額: 還付と追徴", "差額: 翌年度で調整")
    decide(root, R7, CLOSED)
    spend(root, 1_050_010)
    run_settlement(root, R7)
    new_year(root, R7, R7 + 1)
    told = (root / "members/r8/figures.csv").read_text("utf-8-sig")
    assert "-27145" in told
    assert "27854" not in told.replace("-27145", "")


def test_a_settlement_that_is_withdrawn_is_told_to_each_body(root: Path) -> None:
    decide(root, R7, CLOSED)
    gone = withdraw(root, R7, Note("決算の誤り", date(2026, 8, 10)))
    (path,) = (gone.outputs / "取消通知書").glob(f"{code(1)}_*.xlsx")
    form = list(cells(sheet(path, "通知")))
    assert ["負担金精算取消通知書"] in form
    assert ["取り消す文書", "協第90号の1"] in form
    assert any("△27,145円" in str(line) for line in form)
