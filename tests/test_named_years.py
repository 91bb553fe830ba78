"""Lines that hold in named years: `（令和6年度、令和7年度に限る）`. Amounts are worked out in fractions."""

from fractions import Fraction
from pathlib import Path

import pytest

from apportion.core.year import FiscalYear
from apportion.outcome.computation import examine
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import load
from apportion.rules.book import Vocabulary
from apportion.rules.read import parse
from apportion.rules.spell.format import formatted
from apportion.rules.tell.chapters import chapters
from apportion.years.begin.texts import YearStep, next_rules
from tests import small
from tests.workspace import edit

PEOPLE = "人口（人、令和2年10月1日現在）"
BODIES = {"あおば市": {PEOPLE: 3_001}, "みどり町": {PEOPLE: 2_000}, "こだま村": {PEOPLE: 499}}
COUNTS = {name: own[PEOPLE] for name, own in BODIES.items()}
BOUND = "上限: みどり町ごとに 100千円、超えた分は参加団体が負担"


def outcome(root: Path, lines: str, amount: int | str, income: int) -> Outcome:
    small.write(root, f"■経費 事務費\n{lines}", {"事務費": amount}, BODIES, income=income)
    return small.run(root)


def charged(found: Outcome) -> dict[str, int]:
    return small.yen(found)["事務費"]


def by_people(amount: int | Fraction, names: list[str]) -> dict[str, Fraction]:
    total = sum(COUNTS[name] for name in names)
    return {name: Fraction(amount) * COUNTS[name] / total for name in names}


def test_a_price_of_this_year(tmp_path: Path) -> None:
    lines = (
        "負担割合: 人口 1人につき 100円（令和6年度に限る）\n"
        "負担割合: 人口 1人につき 160円（令和7年度に限る）\n"
        "負担割合: 人口 1人につき 190円（令和8年度以降に限る）\n"
    )
    expected = {name: 160 * count for name, count in COUNTS.items()}
    assert charged(outcome(tmp_path, lines, "", sum(expected.values()))) == expected


@pytest.mark.parametrize(
    ("years", "holds"),
    [
        ("令和7年度に限る", True),
        ("令和6年度、令和7年度に限る", True),
        ("令和5年度から令和8年度までに限る", True),
        ("令和7年度以降に限る", True),
        ("Ｒ７ に限る", True),
        ("令和6年度に限る", False),
        ("令和8年度から令和9年度までに限る", False),
        ("令和8年度以降に限る", False),
        ("令和6年度、令和8年度に限る", False),
    ],
)
def test_a_cap_holds_in_its_years_alone(years: str, holds: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """みどり町 would pay 363,636円; what is over 100,000円 is borne by the others by population."""
    found = outcome(tmp_path, f"負担割合: 人口割\n{BOUND}（{years}）\n", 1_000_000, 1_000_000)
    if holds:
        exact = {**by_people(900_000, ["あおば市", "こだま村"]), "みどり町": Fraction(100_000)}
    else:
        exact = by_people(1_000_000, list(COUNTS))
    assert {charge.member.name: charge.exact for charge in found.charges} == exact


def test_rows_and_shares_of_years(tmp_path: Path) -> None:
    """20% in 令和6, 10% in 令和7 are borne by あおば市 alone; the table of 令和7 weighs the rest."""
    lines = (
        "負担割合: あおば市に 20%（令和6年度に限る）\n"
        "負担割合: あおば市に 10%（令和7年度に限る）\n"
        "負担割合: 残りを 補正割\n"
        "\n■係数表 補正割\nこだま村: 1/2（令和6年度に限る）\nこだま村: 1/4（令和7年度に限る）\nその他: 1\n"
    )
    rest = Fraction(900_000) / (1 + 1 + Fraction(1, 4))
    exact = {"あおば市": 100_000 + rest, "みどり町": rest, "こだま村": rest / 4}
    found = outcome(tmp_path, lines, 1_000_000, 1_000_000)
    assert {charge.member.name: charge.exact for charge in found.charges} == exact


def test_a_fault_in_a_line_of_another_year_is_told(tmp_path: Path) -> None:
    lines = f"負担割合: 人口割\n{BOUND}（令和6年度に限る）\n"
    outcome(tmp_path, lines, 1_000_000, 1_000_000)
    edit(tmp_path / "rules/r7/10.txt", "100千円", "100")
    problems = examine(load(tmp_path, small.R7)).problems
    assert [p.code for p in problems if p.source.line] == ["W221"]


def test_a_mend_keeps_the_years(tmp_path: Path) -> None:
    lines = "負担割合: 平等割（令和7年度に限る）\n負担割合: 人口割（令和6年度に限る）\n"
    small.write(tmp_path, f"■経費 事務費\n{lines}", {"事務費": 10}, BODIES)
    [problem] = [p for p in examine(load(tmp_path, small.R7)).problems if p.code == "W255"]
    assert problem.fix.endswith("負担割合: 均等割（令和7年度に限る）")


def test_a_price_for_each_year_becomes_a_line_for_each(tmp_path: Path) -> None:
    small.write(
        tmp_path,
        "■経費 事務費\n負担割合: 人口 1人につき 令和6年度 100円、令和7年度 160円\n",
        {"事務費": ""},
        BODIES,
        income=0,
    )
    found = [p.fix for p in examine(load(tmp_path, small.R7)).problems]
    assert any(
        "負担割合: 人口 1人につき 100円（令和6年度に限る）\n"
        "    負担割合: 人口 1人につき 160円（令和7年度に限る）" in fix
        for fix in found
    )


TEXT = """書式: 1
事業: 共同事業
年度: 令和7年度

■経費 事務費
負担割合: あおば市に 50%（R6に限る）
負担割合：あおば市に 40％（令和7から令和8年度までに限る）
負担割合: 残りを 均等割
備考: 協議の結果（令和7年度に限る）
"""


def test_fmt_has_one_spelling_and_free_texts_stay() -> None:
    spelled, problems = formatted("rules/r7/10.txt", TEXT, Vocabulary(members=("あおば市",)))
    assert not problems
    assert spelled is not None
    assert "負担割合: あおば市に 50%（令和6年度に限る）\n" in spelled
    assert "負担割合: あおば市に 40%（令和7年度から令和8年度までに限る）\n" in spelled
    assert "備考: 協議の結果（令和7年度に限る）\n" in spelled


def test_show_tells_the_years_and_the_lines_of_others(tmp_path: Path) -> None:
    rules, _ = parse("rules/r7/10.txt", TEXT, Vocabulary(members=("あおば市",)))
    assert rules is not None
    small.write(tmp_path, "■経費 事務費\n負担割合: 人口割\n", {"事務費": 10}, BODIES)
    small.save(tmp_path, "rules/r7/10.txt", TEXT)
    book = load(tmp_path, small.R7).book
    own = next(c for c in chapters(book) if c.title.startswith("■経費"))
    told = [sentence.text for sentence in own.sentences]
    assert told[0] == "あおば市が、対象額の40%を負担します。令和7年度から令和8年度までに限ります。"
    assert told[-1] == "令和6年度に限る行なので、この年度には使いません。"


@pytest.mark.parametrize(
    ("years", "marked"),
    [
        ("令和7年度", True),
        ("令和8年度", True),
        ("令和7年度、令和8年度", False),
        ("令和6年度", False),
        ("令和7年度以降", False),
    ],
)
def test_the_next_year_flags_what_begins_or_ends(years: str, marked: bool) -> None:  # noqa: FBT001
    line = f"負担割合: 人口 1人につき 160円（{years}に限る）\n"
    step = YearStep(old=FiscalYear(2025), new=FiscalYear(2026))
    text = f"■経費 事務費\n{line}".encode()
    expected = line.replace("\n", " 【要確認】\n") if marked else line
    assert next_rules("rules/r7/10.txt", text, step).decode().endswith(f"\n{expected}")
