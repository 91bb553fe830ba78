"""減免: a 上限 of a part of what 負担割合 alone gives a member."""

from pathlib import Path

import pytest

from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from tests import small

PEOPLE = {name: {"人口（人）": n} for name, n in (("A市", 60), ("B町", 30), ("C村", 10))}
BORNE = "上限: C村ごとに もとの額の50%、超えた分は参加団体が負担\n"


def yen(root: Path, rules: str, budget: int, income: int) -> dict[str, int]:
    text = f"\n■経費 事務費\n負担割合: 人口割\n{rules}"
    small.write(root, text, {"事務費": budget}, PEOPLE, income=income)
    return small.yen(small.run(root))["事務費"]


def test_the_others_bear_it(tmp_path: Path) -> None:
    # C村 half of 100,000; the other 50,000 as 60 to 30: 33,333.33 and 16,666.67.
    found = yen(tmp_path, BORNE, 1_000_000, 1_000_000)
    assert found == {"A市": 633_333, "B町": 316_667, "C村": 50_000}


def test_nobody_bears_it(tmp_path: Path) -> None:
    rules = "上限: C村ごとに もとの額の1/3、超えた分は徴収しない\n"
    # A third of 100,000 is 33,333.33, brought down to the yen.
    found = yen(tmp_path, rules, 1_000_000, 933_333)
    assert found == {"A市": 600_000, "B町": 300_000, "C村": 33_333}


def test_beside_a_limit_for_all(tmp_path: Path) -> None:
    rules = f"{BORNE}上限: 620千円、超えた分は残りの団体で割り直す\n"
    # A市 may bear 20,000 of the 50,000, B町 bears the rest.
    found = yen(tmp_path, rules, 1_000_000, 1_000_000)
    assert found == {"A市": 620_000, "B町": 330_000, "C村": 50_000}


def test_what_would_break_it_is_told(tmp_path: Path) -> None:
    # A市 stops at 590,000, and what is over would go to B町 and C村 alike: beyond the half of C村.
    text = (
        f"\n■経費 事務費\n負担割合: 人口割\n{BORNE}上限: 590千円、超えた分は残りの団体で割り直す\n"
    )
    small.write(tmp_path, text, {"事務費": 1_000_000}, PEOPLE)
    assert {p.code for p in examine(load(tmp_path, small.R7)).problems} == {"W513"}


@pytest.mark.parametrize(
    "words",
    [
        "減免: C村 50%、減った分は他の団体で負担",
        "軽減: C村は2分の1を軽減、減った分はほかの団体が負担",
        "減額: C村の1/2を減額する、減った分は他の団体で負担する",
    ],
)
def test_the_words_of_ordinances_are_mended(words: str, tmp_path: Path) -> None:
    text = f"\n■経費 事務費\n負担割合: 人口割\n{words}\n"
    small.write(tmp_path, text, {"事務費": 1_000_000}, PEOPLE)
    [problem] = examine(load(tmp_path, small.R7)).problems
    assert problem.code == "W205"
    assert problem.fix == f"次の行に直してください: {BORNE.strip()}"
