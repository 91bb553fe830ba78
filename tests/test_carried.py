"""What a year carries over equals what the year before was sealed, settled and budgeted as, or is told.

利用料 1,200,000: あおば市 680,000, みどり町 344,000, こだま村 176,000; 事務費 10,000 each.
"""

import shutil
from pathlib import Path

import pytest

from apportion.core.problem import Problem
from apportion.core.year import FiscalYear
from apportion.outcome.workspace import load
from apportion.pipeline import run
from apportion.years import carried
from tests import sealing, small
from tests.program import apportion
from tests.sealing import AOBA, KODAMA, MIDORI
from tests.workspace import edit

R7, R8 = FiscalYear(2025), FiscalYear(2026)
NAMES = {AOBA: "あおば市", MIDORI: "みどり町", KODAMA: "こだま村"}
SEALED = ((AOBA, 680_000), (MIDORI, 344_000), (KODAMA, 176_000))


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """令和7年度 is decided; 令和8年度 has the same tables."""
    root = sealing.decided(tmp_path / "council")
    for kind in ("rules", "members"):
        shutil.copytree(root / kind / "r7", root / kind / "r8")
    edit(root / "rules/r8/10_yoyaku.txt", "年度: 令和7年度", "年度: 令和8年度")
    edit(root / "rules/r8/10_yoyaku.txt", "令和7年7月31日", "令和8年7月31日")
    return root


def previous(root: Path, *rows: tuple[str, int], line: str = "利用料") -> None:
    head = "団体コード,団体名,事業,経費,負担金額（円）\n"
    text = "".join(f"{code},{NAMES[code]},予約,{line},{yen}\n" for code, yen in rows)
    small.save(root, "members/r8/previous.csv", head + text)


def told(root: Path) -> tuple[Problem, ...]:
    tables = load(root, R8).tables
    assert tables is not None
    return tuple(carried.problems(root, tables, R8))


def listed(problem: Problem) -> list[str]:
    return [line.strip() for line in problem.why.splitlines()[1:]]


def test_what_was_sealed_is_told_where_it_is_another(root: Path) -> None:
    """Two bodies are swapped; a third is missing. What the rules would come to now does not count."""
    sealing.issued(root)
    previous(root, *SEALED)
    assert told(root) == ()
    sealing.people(root, 45_000, 25_000, 5_000)
    assert told(root) == ()
    previous(root, (AOBA, 344_000), (MIDORI, 680_000))
    [problem] = told(root)
    assert (problem.code, problem.source.file) == ("W836", "members/r8/previous.csv")
    assert "確定した額（第1回（総会議決））と違います（3件）" in problem.what
    assert listed(problem) == [
        "あおば市 利用料: 344,000円（前の年度は 680,000円）",
        "みどり町 利用料: 680,000円（前の年度は 344,000円）",
        "こだま村 利用料: 0円（前の年度は 176,000円）",
    ]
    assert "outputs/確定/r7/第1回/出力/data/charges.csv" in problem.fix


def test_where_nothing_is_sealed_it_is_what_is_computed(root: Path) -> None:
    previous(root, *SEALED)
    assert told(root) == ()
    previous(root, (AOBA, 680_001), *SEALED[1:])
    [problem] = told(root)
    assert "計算した額と違います（1件）" in problem.what
    edit(root / "rules/r7/10_yoyaku.txt", "名簿: 予約", "名簿: ない名簿")
    assert told(root) == ()  # the check of 令和7年度 tells


def test_check_and_run_say_it_and_compute(root: Path) -> None:
    previous(root, (AOBA, 1), *SEALED[1:])
    done = apportion("check", "--year", "r8", "--dir", str(root))
    assert "W836" in done.stderr
    assert done.code == 0
    assert "W836" in {problem.code for problem in run(root, R8).problems}


def test_a_body_that_was_merged_counts_for_its_heir(root: Path) -> None:
    sealing.issued(root)
    edit(
        root / "members/members.csv",
        "若葉郡,会員,,,\n990035",
        f"若葉郡,会員,,2026-03-31,{AOBA}\n990035",
    )
    previous(root, (AOBA, 680_000 + 344_000), (KODAMA, 176_000))
    assert told(root) == ()


def test_reserve_and_adjustment_are_those_of_the_settlement(root: Path) -> None:
    """The rows of the adjustment are swapped; it is in thousands of yen."""
    data = "outputs/r7-精算/data"
    small.save(root, f"{data}/reserve.csv", "事業,前年度末残高（円）\n予約,500000\n")
    head = "団体コード,団体名,前年度精算額（円）\n"
    rows = f"{AOBA},あおば市,-2000\n{MIDORI},みどり町,3000\n"
    small.save(root, f"{data}/adjustment.csv", head + rows)
    reserve, figures = root / "members/r8/reserve.csv", root / "members/r8/figures.csv"
    small.save(root, "members/r8/reserve.csv", "事業,前年度末残高（円）\n予約,500000\n")
    base = figures.read_text("utf-8-sig").splitlines()
    for cells, expected in (
        (("前年度精算額（千円、令和7年度決算）", "-2", "3", "0"), []),
        (
            ("前年度精算額（千円、令和7年度決算）", "3", "-2", "0"),
            [
                "あおば市: 3,000円（前の年度は △2,000円）",
                "みどり町: △2,000円（前の年度は 3,000円）",
            ],
        ),
    ):
        lines = [f"{line},{cell}" for line, cell in zip(base, cells, strict=True)]
        figures.write_text("\n".join(lines) + "\n", "utf-8")
        assert [line for problem in told(root) for line in listed(problem)] == expected
    reserve.write_text("事業,前年度末残高（円）\n予約,50000\n", "utf-8")
    first, second = told(root)
    assert listed(first) == ["予約: 50,000円（前の年度は 500,000円）"]
    assert (first.source.file, second.source.file) == (
        "members/r8/reserve.csv",
        "members/r8/figures.csv",
    )
    assert second.what.startswith("「前年度精算額」の列が、令和7年度の精算と違います（2件）")


def test_last_years_budget_is_as_voted_or_as_amended(root: Path) -> None:
    """1,200,000 was voted, 1,250,000 after 補正第1号; 1,210,000 was it never."""
    small.revise(root, 1, {"利用料": 50_000}, day="令和7年11月20日")
    budget = (root / "rules/r8/budget.csv").read_text("utf-8-sig").splitlines()
    for yen, there in ((1_200_000, False), (1_250_000, False), (1_210_000, True)):
        cells = ("前年度予算額（円）", str(yen), "30000")
        lines = [f"{line},{cell}" for line, cell in zip(budget, cells, strict=True)]
        small.save(root, "rules/r8/budget.csv", "\n".join(lines) + "\n")
        found = told(root)
        assert [problem.code for problem in found] == ["W837"] * there
    assert listed(found[0]) == ["利用料: 1,210,000円（前の年度は 1,250,000円）"]
    assert found[0].source.file == "rules/r8/budget.csv"


def test_what_is_told_beside_the_year_before_can_be_marked_as_seen(root: Path) -> None:
    previous(root, (AOBA, 680_001), *SEALED[1:])
    words = ("--year", "r8", "--dir", str(root))
    assert "注意 W836" in apportion("check", *words).stderr
    done = apportion("seen", "W836", "--note", "規約の経過措置", "--yes", *words)
    assert (done.code, "1件を" in done.stdout) == (0, True)
    told = apportion("check", *words)
    assert "注意 W836" not in told.stderr
    assert "W836 規約の経過措置" in told.stderr + told.stdout
