"""徴収しない, and a line of 上限 for some within one for all."""

from pathlib import Path

from apportion.core.problem import InputError
from apportion.outcome.reconcile import equations
from tests import small

PEOPLE = {name: {"人口（人）": n} for name, n in (("A市", 60), ("B町", 30), ("C村", 10))}


def yen(root: Path, rules: str, income: int = 1_000_000) -> dict[str, int]:
    text = f"\n■経費 事務費\n負担割合: 人口割\n{rules}"
    return small.yen(
        small.run(small.write(root, text, {"事務費": 1_000_000}, PEOPLE, income=income))
    )["事務費"]


def test_nobody_pays_what_is_over(tmp_path: Path) -> None:
    # 600 stops at 250, 300 at 250, 100 stays: 400,000 yen come from elsewhere.
    found = yen(tmp_path, "上限: 250千円、超えた分は徴収しない\n", income=600_000)
    assert found == {"A市": 250_000, "B町": 250_000, "C村": 100_000}
    outcome = small.run(tmp_path)
    assert [result.waived for result in outcome.results] == [400_000]
    assert [result.carried for result in outcome.results] == [0]
    made = equations(outcome.tables, outcome.results, outcome.billed, outcome.instalments)
    assert not [equation for equation in made if equation.difference]
    assert "＋徴収しない額" in made[-1].name


def test_income_must_say_so(tmp_path: Path) -> None:
    try:
        yen(tmp_path, "上限: 250千円、超えた分は徴収しない\n")
    except InputError as error:
        [problem] = error.problems
        assert problem.code == "W410"
        assert "600,000円に" in problem.fix or "600,000円にし" in problem.fix
    else:
        raise AssertionError


def test_a_whole_project_with_what_nobody_pays(tmp_path: Path) -> None:
    text = "上限: 500千円、超えた分は徴収しない\n\n■経費 ほかの経費すべて\n負担割合: 人口割\n"
    budget = {"一": 700_000, "二": 300_001}
    root = small.write(tmp_path, text, budget, PEOPLE, income=900_000)
    found = small.yen(small.run(root))
    # 600,000.6 stops at 500,000: the adjustment of A市 is what it would pay beyond.
    total = {body: sum(line[body] for line in found.values()) for body in PEOPLE}
    assert total == {"A市": 500_000, "B町": 300_000, "C村": 100_000}


def test_a_line_for_some_holds_instead_of_the_line_for_all(tmp_path: Path) -> None:
    # A市 up to 500,000, the others up to 350,000: 100,000 over go to B町 and C村 as 3 to 1.
    rules = (
        "上限: 350千円、超えた分は残りの団体で割り直す\n"
        "上限: A市ごとに 500千円、超えた分は残りの団体で割り直す\n"
    )
    # B町 375,000 stops at 350,000, C村 takes the rest: 150,000.
    assert yen(tmp_path, rules) == {"A市": 500_000, "B町": 350_000, "C村": 150_000}


def test_a_floor_for_some_within_a_cap_for_all(tmp_path: Path) -> None:
    rules = (
        "上限: 550千円、超えた分は残りの団体で割り直す\n"
        "下限: C村ごとに 150千円、足りない分は残りの団体で割り直す\n"
    )
    # C村 150,000; A市 and B町 share 850,000 as 2 to 1 = 566,667: A市 550,000, B町 300,000.
    assert yen(tmp_path, rules) == {"A市": 550_000, "B町": 300_000, "C村": 150_000}


def test_those_named_bear_it_by_what_they_would_pay(tmp_path: Path) -> None:
    rules = "上限: C村ごとに 50千円、超えた分は参加団体が負担\n"
    # 50,000 over: A市 and B町 as 60 to 30 (C村 is at its cap).
    assert yen(tmp_path, rules) == {"A市": 633_333, "B町": 316_667, "C村": 50_000}


def test_who_is_relieved_is_within_the_line_for_all_too(tmp_path: Path) -> None:
    """減免 leaves A市 half of its 600,000, which is more than the line for all allows."""
    rules = (
        "上限: 280千円、超えた分は徴収しない\n上限: A市ごとに もとの額の50%、超えた分は徴収しない\n"
    )
    found = yen(tmp_path, rules, income=660_000)
    assert found == {"A市": 280_000, "B町": 280_000, "C村": 100_000}
