"""`（前年度の負担金 + 10万円）の額`: what each member pays, as a formula on the line. In fractions."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

from apportion.explain import explain
from apportion.explain.record import record
from apportion.outcome.computation import examine
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import load, vocabulary
from apportion.pipeline import run, verify
from apportion.rules.spell.format import rewritten
from apportion.rules.tell.chapters import chapters, matrix
from tests import recompute, small
from tests.small import R7

PEOPLE = "人口（人、令和6年10月1日現在）"
INDEX = "物価指数（点、令和6年度算定）"
NEED = "需要額（千円、令和7年度算定）"
FIGURES = {
    "あおば市": {PEOPLE: 30_001, INDEX: 107, NEED: 500},
    "みどり町": {PEOPLE: 9_000, INDEX: 107, NEED: 300},
    "こだま村": {PEOPLE: 2_000, INDEX: 104, NEED: 100},
}
PAST = {"あおば市": 450_001, "みどり町": 280_000, "こだま村": 110_003}
HEADING = "事業,経費,団体コード,団体名,負担金額（円）\n"


def write(root: Path, clauses: str, income: Fraction | int = 0, budget: int | str = "") -> Path:
    rules = f"\n■経費 事務費\n{clauses}\n"
    small.write(root, rules, {"事務費": budget}, FIGURES, income=int(income))
    codes = {name: small.code(number) for number, name in enumerate(FIGURES, start=1)}
    past = "".join(f"共同事業,事務費,{codes[name]},{name},{yen}\n" for name, yen in PAST.items())
    small.save(root, "members/r7/previous.csv", HEADING + past)
    return root


def own(name: str) -> dict[str, Fraction]:
    """The figures of a body, and its amount of last year."""
    figures = FIGURES[name]
    return {
        "people": Fraction(figures[PEOPLE]),
        "index": Fraction(figures[INDEX], 100),
        "need": Fraction(1_000 * figures[NEED]),
        "past": Fraction(PAST[name]),
    }


Worth = Callable[[dict[str, Fraction]], Fraction]
CASES: tuple[tuple[str, Worth], ...] = (
    ("（前年度の負担金 + 10万円）の額", lambda f: f["past"] + 100_000),
    (
        "（前年度の負担金 × 小さい方（物価指数 ÷ 100、105%））の額",
        lambda f: f["past"] * min(f["index"], Fraction(105, 100)),
    ),
    (
        "小さい方（前年度の負担金 × 105%、人口 × 100円）の額",
        lambda f: min(f["past"] * Fraction(105, 100), f["people"] * 100),
    ),
    ("（人口 × 3.5円 + 5万円）の額", lambda f: f["people"] * Fraction(7, 2) + 50_000),
    ("（需要額 ÷ 需要額の計 × 1,000千円）の額", lambda f: f["need"] / 900_000 * 1_000_000),
    ("大きい方（需要額 × 2%、6,000円）の額", lambda f: max(f["need"] / 50, Fraction(6_000))),
)


@pytest.mark.parametrize(("words", "worth"), CASES, ids=[case[0] for case in CASES])
def test_each_member_pays_what_the_formula_gives(words: str, worth: Worth, tmp_path: Path) -> None:
    expected = {name: worth(own(name)) for name in FIGURES}
    income = sum(map(floor, expected.values()))
    found = small.run(write(tmp_path, f"負担割合: 参加団体に {words}", income))
    assert {charge.member.name: charge.exact for charge in found.charges} == expected
    for member in found.tables.members:
        told = record(explain(found, member, found.results))["projects"][0]["charges"]
        assert [recompute.charge(charge) for charge in told] == [found.total_of(member.code)]


def test_some_pay_by_a_formula_and_what_they_leave_is_shared(tmp_path: Path) -> None:
    clauses = "負担割合: 町村に （前年度の負担金 × 2/3）の額\n負担割合: 市に 残りを 均等割"
    found = small.run(write(tmp_path, clauses, 1_000_000, 1_000_000))
    towns = {name: Fraction(PAST[name] * 2, 3) for name in ("みどり町", "こだま村")}
    city = 1_000_000 - sum(towns.values())
    assert {c.member.name: c.exact for c in found.charges} == {"あおば市": city, **towns}


def test_every_paper_closes_and_the_rules_are_told(tmp_path: Path) -> None:
    words, worth = CASES[1]
    income = sum(floor(worth(own(name))) for name in FIGURES)
    write(tmp_path, f"負担割合: {words}", income)
    found = run(tmp_path, R7)
    assert verify(tmp_path / "outputs/r7", tmp_path)[0] == ()
    assert [row.share for row in matrix(found.book)] == [words]
    said = [told.text for chapter in chapters(found.book) for told in chapter.sentences]
    assert any(words in text for text in said)


def test_it_has_one_spelling(tmp_path: Path) -> None:
    write(tmp_path, "負担割合: 参加団体に((前年度の負担金*2/3)+ 100000 円)の額")
    workspace = load(tmp_path, R7)
    assert workspace.tables is not None
    path = tmp_path / "rules/r7/10.txt"
    text, problems = rewritten("10.txt", path.read_bytes(), vocabulary(workspace.tables))
    assert not problems
    assert text is not None
    assert "負担割合: 参加団体に （前年度の負担金 × 2/3 + 100,000円）の額\n" in text.decode()


def test_a_formula_on_two_lines_is_of_each_line_its_own(tmp_path: Path) -> None:
    """Last year's 会議費 is not that of 事務費, and each is explained from its own place."""
    clause = "負担割合: （前年度の負担金 + 人口 × 1円）の額"
    more = {name: yen // 3 for name, yen in PAST.items()}
    income = sum(PAST.values()) + sum(more.values()) + 2 * sum(f[PEOPLE] for f in FIGURES.values())
    write(tmp_path, f"{clause}\n\n■経費 会議費\n{clause}", income)
    for file, rows in (
        ("rules/r7/budget.csv", "区分,共同事業,,会議費,\n"),
        (
            "members/r7/previous.csv",
            "".join(
                f"共同事業,会議費,{small.code(n)},{name},{yen}\n"
                for n, (name, yen) in enumerate(more.items(), 1)
            ),
        ),
    ):
        path = tmp_path / file
        path.write_text(path.read_text(encoding="utf-8") + rows, encoding="utf-8")
    found = small.run(tmp_path)
    member = found.tables.members[0]
    lines = explain(found, member, found.results).projects[0].lines
    assert [line.yen for line in lines] == [480_002, 180_001]
    for line in lines:
        written = {step.source.line for step in line.steps if step.key.endswith(".value")}
        assert written == {next(step.source.line for step in line.steps if ".yen" in step.key)}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("（人口 × 2）の額", "W507"),  # heads are no yen
        ("（人ロ × 10円）の額", "W207"),
        ("（前年度の負担金 + 10万円の額", "W230"),
        ("（前年度の負担金 + 10人）の額", "W234"),
    ],
)
def test_what_is_no_amount_is_refused(words: str, code: str, tmp_path: Path) -> None:
    problems = examine(load(write(tmp_path, f"負担割合: {words}"), R7)).problems
    assert {p.code for p in problems if p.level.value == "エラー"} == {code}


def cap(words: str, root: Path, budget: int, income: int | None = None) -> Outcome:
    """人口割 of an amount, held at a formula."""
    due = budget if income is None else income
    return small.run(write(root, f"負担割合: 人口割\n{words}", due, budget))


def by_people(amount: Fraction, names: Iterable[str]) -> dict[str, Fraction]:
    people = {name: own(name)["people"] for name in names}
    return {name: amount * n / sum(people.values()) for name, n in people.items()}


def test_a_limit_may_be_last_years_amount_and_more(tmp_path: Path) -> None:
    """あおば市 would bear 658,558 yen of 900,000: more than 450,001 + 100,000."""
    found = cap(
        "上限: （前年度の負担金 + 10万円）、超えた分は残りの団体で割り直す", tmp_path, 900_000
    )
    held = Fraction(PAST["あおば市"] + 100_000)
    towns = ("みどり町", "こだま村")
    rest = by_people(900_000 - held, towns)
    assert all(rest[name] <= PAST[name] + 100_000 for name in towns)
    assert {c.member.name: c.exact for c in found.charges} == {"あおば市": held, **rest}
    for member in found.tables.members:
        told = record(explain(found, member, found.results))["projects"][0]["charges"]
        assert [recompute.charge(charge) for charge in told] == [found.total_of(member.code)]


def test_a_limit_by_a_figure_is_cut_to_the_unit(tmp_path: Path) -> None:
    """Two thousandths and a half of 需要額: 1,250, 750 and 250 yen, whole hundreds below."""
    words = (
        "上限: （需要額 × 2.5/1000）、超えた分は徴収しない\n端数: 百円未満切捨て、差額は調整しない"
    )
    found = cap(words, tmp_path, 900_000, 1_200 + 700 + 200)
    assert {c.member.name: c.yen for c in found.charges} == {
        "あおば市": 1_200,
        "みどり町": 700,
        "こだま村": 200,
    }


def test_a_floor_for_some_stands_within_a_cap_for_all(tmp_path: Path) -> None:
    words = (
        "上限: （前年度の負担金 × 150%）、超えた分は残りの団体で割り直す\n"
        "下限: こだま村ごとに 大きい方（人口 × 20円、3万円）、足りない分は残りの団体で割り直す"
    )
    found = cap(words, tmp_path, 600_000)
    rest = by_people(Fraction(600_000 - 40_000), ("あおば市", "みどり町"))
    assert {c.member.name: c.exact for c in found.charges} == {**rest, "こだま村": 40_000}
    member = found.tables.by_name["こだま村"]
    told = record(explain(found, member, found.results))["projects"][0]["charges"]
    assert [recompute.charge(charge) for charge in told] == [40_000]


def test_a_limit_of_a_whole_project_is_no_formula(tmp_path: Path) -> None:
    write(tmp_path, "負担割合: 人口割", 900_000, 900_000)
    path = tmp_path / "rules/r7/10.txt"
    head, _, rest = path.read_text(encoding="utf-8").partition("\n■")
    line = "上限: （前年度の負担金 + 10万円）、超えた分は残りの団体で割り直す"
    path.write_text(f"{head}{line}\n\n■{rest}", encoding="utf-8")
    problems = examine(load(tmp_path, R7)).problems
    assert {p.code for p in problems if p.level.value == "エラー"} == {"W428"}


def test_a_cap_below_nothing_is_refused_and_its_line_mends_it(tmp_path: Path) -> None:
    """こだま村 paid 110,003 yen: less 120,000 its cap would pay money out."""
    words = "上限: （前年度の負担金 - 12万円）、超えた分は徴収しない"
    write(tmp_path, f"負担割合: 人口割\n{words}", 330_001 + 160_000, 600_000)
    found = [p for p in examine(load(tmp_path, R7)).problems if p.level.value == "エラー"]
    assert [p.code for p in found if p.code != "W410"] == ["W334"]
    mended = "上限: 大きい方（前年度の負担金 - 12万円、0円）、超えた分は徴収しない"
    [problem] = (p for p in found if p.code == "W334")
    assert problem.fix.endswith(mended)
    # By people あおば市 would bear 439,028 yen, more than its cap, and みどり町 131,704, less than its own.
    town = floor(by_people(Fraction(600_000), FIGURES)["みどり町"])
    paid = small.yen(
        small.run(write(tmp_path, f"負担割合: 人口割\n{mended}", 330_001 + town, 600_000))
    )
    assert paid == {"事務費": {"あおば市": 330_001, "みどり町": town, "こだま村": 0}}


def test_every_paper_of_a_limit_closes(tmp_path: Path) -> None:
    words = "上限: （前年度の負担金 + 10万円）、超えた分は残りの団体で割り直す"
    write(tmp_path, f"負担割合: 人口割\n{words}", 900_000, 900_000)
    found = run(tmp_path, R7)
    assert verify(tmp_path / "outputs/r7", tmp_path)[0] == ()
    said = [told.text for chapter in chapters(found.book) for told in chapter.sentences]
    assert any("1団体あたり（前年度の負担金 + 10万円）を超えません" in text for text in said)
    path = tmp_path / "rules/r7/10.txt"
    text, _ = rewritten("10.txt", path.read_bytes(), vocabulary(found.tables))
    assert text is not None
    assert f"\n{words}\n" in text.decode()
