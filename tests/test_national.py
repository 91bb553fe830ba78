"""47 prefectures and six usual keys: each council of a prefecture supposed in memory, closed to the yen.

`vectors/japan_municipalities.csv`: codes of 総務省 (2024-01-01), population and households of
令和2年国勢調査, area of 統計センター SSDSE-市区町村 2026.
"""

import csv
import time
from fractions import Fraction
from pathlib import Path

import pytest

from apportion.core.model import Attendance, BudgetLine, FigureColumn, Member, Roster, Tables, Yen
from apportion.core.problem import Findings, Source
from apportion.core.sums import grouped
from apportion.core.year import FiscalYear
from apportion.outcome.charging import line_results, resolved
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import Workspace, vocabulary
from apportion.rules import read
from apportion.rules.book import RuleBook
from apportion.why import typed
from apportion.why.cases import YearAsItStands, what_if

DATA = Path(__file__).parent / "vectors" / "japan_municipalities.csv"
R7 = FiscalYear(2025)
AMOUNT = 123_456_789
TEXT = """書式: 1
事業: 共同事業
年度: 令和7年度
状態: 案
根拠: 規約
名簿: 全員

■経費 運用
負担割合: 均等割

■基準 逓減割
値: 人口が2倍で負担が1.5倍
■段階表 段階割
区分: 人口
読み方: 段の値をそのまま使う
1万人未満: 1
1万人以上3万人未満: 2
3万人以上10万人未満: 4
10万人以上30万人未満: 6
30万人以上: 10
"""
KEYS = {
    "均等割": "均等割",
    "人口割": "人口割",
    "均等と人口": "均等割 30% + 人口割 70%",
    "世帯と面積": "世帯数割 60% + 面積割 40%",
    "段階割": "段階割",
    "逓減割": "逓減割",
}
Town = dict[str, str]


def towns() -> dict[str, list[Town]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] != "都道府県"]
    return grouped((row["pref"], row) for row in rows)


def council(rows: list[Town]) -> YearAsItStands:
    """All towns of a prefecture share one line."""
    nowhere = Source()
    figures = (("人口", "人", "population_2020"), ("世帯数", "世帯", "households_2020"))
    tables = Tables(
        members=tuple(
            Member(
                code=row["code"],
                name=row["name"],
                kana="",
                kind=row["kind"],
                membership="会員",
                source=nowhere,
            )
            for row in rows
        ),
        budget=(
            BudgetLine(
                category="区分",
                project="共同事業",
                path=(),
                name="運用",
                amount=Yen(AMOUNT),
                source=nowhere,
            ),
        ),
        income=(),
        rosters=(
            Roster(
                name="全員",
                entries={row["code"]: Attendance(source=nowhere) for row in rows},
                source=nowhere,
            ),
        ),
        figures=tuple(
            FigureColumn(
                name=name,
                unit=unit,
                as_of="",
                values={row["code"]: Fraction(row[heading]) for row in rows},
                cells={row["code"]: nowhere for row in rows},
                source=nowhere,
            )
            for name, unit, heading in (*figures, ("面積", "km2", "area_km2_2024"))
        ),
    )
    file, problems = read.parse("rules/r7/10.txt", TEXT, vocabulary(tables))
    assert file is not None, problems
    workspace = Workspace(year=R7, tables=tables, book=RuleBook((file,)), files=(), problems=())
    findings = Findings()
    results = line_results(resolved(workspace, tables, findings), findings)
    assert not findings.problems
    outcome = Outcome(
        year=R7,
        tables=tables,
        book=workspace.book,
        results=tuple(result for result in results if result),
        billed={},
        instalments=(),
        equations=(),
        files=(),
        problems=(),
    )
    return YearAsItStands(workspace=workspace, outcome=outcome)


@pytest.fixture(name="found", scope="module")
def fixture_found() -> dict[str, tuple[list[Town], dict[str, Outcome]]]:
    """Every prefecture with its six cases, all of them in less than five seconds."""
    started = time.process_time()
    found = {}
    for prefecture, rows in towns().items():
        year = council(rows)
        tables = year.outcome.tables
        cases = {
            name: list(
                typed.of_settings([typed.setting(tables, f"共同事業/運用: 負担割合 = {rule}")])
            )
            for name, rule in KEYS.items()
        }
        found[prefecture] = (rows, dict(what_if(year, cases).cases))
    assert time.process_time() - started < 5
    return found


Found = dict[str, tuple[list[Town], dict[str, Outcome]]]


def test_each_case_closes_to_the_yen(found: Found) -> None:
    assert len(found) == 47
    assert sum(len(rows) for rows, _ in found.values()) == 1741
    for rows, cases in found.values():
        for outcome in cases.values():
            assert outcome.total == AMOUNT
            assert len(outcome.charges) == len(rows)


def test_amounts_are_the_exact_shares_up_or_down_to_the_yen(found: Found) -> None:
    """Shares worked out here from the table, with fractions and nothing of the program."""
    for rows, cases in found.values():
        people, homes, area = (
            {row["code"]: Fraction(row[heading]) for row in rows}
            for heading in ("population_2020", "households_2020", "area_km2_2024")
        )
        steps = {code: _step(value) for code, value in people.items()}
        for row in rows:
            code = row["code"]
            equal = Fraction(1, len(rows))
            shares = {
                "均等割": equal,
                "人口割": people[code] / sum(people.values()),
                "均等と人口": equal * 3 / 10 + people[code] / sum(people.values()) * 7 / 10,
                "世帯と面積": homes[code] / sum(homes.values()) * 6 / 10
                + area[code] / sum(area.values()) * 4 / 10,
                "段階割": Fraction(steps[code], sum(steps.values())),
            }
            for name, share in shares.items():
                (charge,) = cases[name].by_member[code]
                assert charge.exact == AMOUNT * share
                assert abs(charge.yen - charge.exact) < 1


def _step(people: Fraction) -> int:
    limits = ((10_000, 1), (30_000, 2), (100_000, 4), (300_000, 6))
    return next((points for limit, points in limits if people < limit), 10)


def test_twice_the_people_pay_one_and_a_half_times(found: Found) -> None:
    """逓減割: by how many times more people, nearly log2(1.5) = 0.585 of its logarithm more money."""
    rows, cases = found["愛知県"]
    owed = {charge.member.code: charge.exact for charge in cases["逓減割"].charges}
    people = {row["code"]: Fraction(row["population_2020"]) for row in rows}
    pairs = [
        (a, b) for a in people for b in people if people[a] * 2 <= people[b] < people[a] * 2.02
    ]
    assert len(pairs) > 5
    for a, b in pairs:
        assert Fraction(149, 100) < owed[b] / owed[a] < Fraction(152, 100)
