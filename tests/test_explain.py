"""explain: the numbers can be worked out again, stand where it says, and read well."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from apportion.cli import options, story
from apportion.cli.layout import WIDTH, row, sentence, width
from apportion.core.model import Member
from apportion.core.problem import InputError, Problem, Source
from apportion.core.year import FiscalYear
from apportion.explain import explain
from apportion.explain.choice import find_lines, find_member
from apportion.explain.record import Record, record
from apportion.explain.steps import Explanation, Step, period, place, value_of
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.pipeline import run
from tests import recompute, small, workspace
from tests.ordinances.test_ordinances import FOLDERS, HERE
from tests.program import apportion
from tests.test_meaning import BIND, POPULATION, people, previous
from tests.unit.workbook.odd_council import odd_council

YEARS = ("r3", "r4", "r6", "r7")


@cache
def shipped(year: str) -> Outcome:
    found = FiscalYear.parse(year)
    assert found is not None
    return compute(workspace.SHIPPED, found)


@cache
def told(year: str) -> dict[str, Record]:
    return records(shipped(year))


def records(outcome: Outcome) -> dict[str, Record]:
    """The JSON of everybody, all charges."""
    return {
        member.code: recompute.as_json(record(explain(outcome, member, outcome.results)))
        for member in outcome.members
    }


def check_all(outcome: Outcome, found: dict[str, Record]) -> int:
    """Work out every charge again; the number of charges that were seen."""
    yen = {(c.member.code, c.line.project, c.line.name): c.yen for c in outcome.charges}
    seen = 0
    for code, whole in found.items():
        for project in whole["projects"]:
            for charge in project["charges"]:
                key = (code, project["project"], charge["line"])
                assert recompute.charge(charge) == charge["yen"] == yen.get(key, 0), key
                seen += charge["taking_part"]
        assert whole["yen"] == sum(project["yen"] for project in whole["projects"])
    assert seen == len(yen)
    return seen


@pytest.mark.parametrize("year", YEARS)
def test_every_charge_of_the_shipped_years_can_be_worked_out_again(year: str) -> None:
    assert check_all(shipped(year), told(year)) > 900


def test_sums_over_a_project_are_rounded_once_and_it_says_why(tmp_path: Path) -> None:
    """By hand: (100,000 + 100,000 - 2) / 3 is 66,666 for everybody, where the lines alone differ."""
    rules = "端数: 円未満切捨て（事業ごと）、差額は端数の大きい順\n■経費 ほかの経費すべて\n負担割合: 均等割\n"
    budget = {"保守費": 100_000, "事務費": 100_000, "返還金": -2}
    root = small.write(tmp_path, BIND + rules, budget, people(A市=3, B町=2, C村=1))
    outcome = small.run(root)
    found = records(outcome)
    assert check_all(outcome, found) == 9
    assert {whole["yen"] for whole in found.values()} == {66_666}
    own = [c["rest"]["own"] for c in found[small.code(1)]["projects"][0]["charges"]]
    assert [row.get("passed", 0) for row in own] == [0, -1, 0]
    assert (
        "加減すると、事業の計が正確な計の切捨てか切上げ（66,666円）から外れるため、足しません"
        in "".join(said(outcome, "A市", "事務費"))
    )


def test_the_ledger_of_the_summary_says_who_gave_way_to_whom(tmp_path: Path) -> None:
    """And all that is written is read back and proved."""
    rules = "端数: 円未満切捨て（事業ごと）、差額は端数の大きい順\n■経費 ほかの経費すべて\n負担割合: 均等割\n"
    budget = {"保守費": 100_000, "事務費": 100_000}
    root = small.write(tmp_path, BIND + rules, budget, people(A市=3, B町=2, C村=1))
    run(root, small.R7)
    book = load_workbook(root / "outputs/r7/負担金一覧.xlsx")
    rows = [[cell.value for cell in row] for row in book["端数処理表"].iter_rows()]
    told = {(row[0], row[3]): (row[6], row[9]) for row in rows if row[3] in {"A市", "B町"}}
    within = "正確な計の切捨てか切上げ"
    assert told["事務費", "A市"] == (
        0,
        f"加減すると、事業の計が{within}（66,666円か66,667円）から外れる",
    )
    assert told["事務費", "B町"] == (
        1,
        f"ほかの団体に代わると、その団体の事業の計が{within}に収まる",
    )


def test_every_charge_of_an_odd_council_can_be_worked_out_again(tmp_path: Path) -> None:
    outcome = odd_council(tmp_path)
    assert check_all(outcome, records(outcome)) > 80


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_charge_of_the_ordinances_can_be_worked_out_again(folder: str) -> None:
    outcome = compute(HERE / folder, small.R7)
    assert check_all(outcome, records(outcome)) >= 2


@pytest.mark.parametrize("year", YEARS)
def test_every_fact_stands_in_the_cell_that_is_named(year: str) -> None:
    facts: dict[str, Fraction] = {}
    for whole in told(year).values():
        for charge in (c for project in whole["projects"] for c in project["charges"]):
            facts |= recompute.facts(charge)
    assert len(facts) > 60
    assert facts == {place: recompute.in_cell(workspace.SHIPPED, place) for place in facts}


def of(outcome: Outcome, name: str, line: str | None = None) -> Explanation:
    """Explanation for a member by name, of one 経費 or all."""
    member, results = find_member(outcome.tables, name), find_lines(outcome, None, line)
    assert not isinstance(member, Problem)
    assert not isinstance(results, Problem)
    return explain(outcome, member, results)


def said(outcome: Outcome, name: str, line: str) -> list[str]:
    """Lines of the text about one 経費, without its places and the spaces before them."""
    lines = list(story.details(of(outcome, name, line)))
    first = next(i for i, text in enumerate(lines) if text.startswith("■"))
    bare = [re.sub(r" +(rules|members)/\S+$", "", text) for text in lines[first:-2]]
    return [" ".join(text.split()) for text in bare]


def test_a_capped_charge_is_told_from_the_budget_to_the_yen() -> None:
    # 44,710,000 × 30% ÷ 40 = 335,325; 44,710,000 × 70% × 308,681 ÷ 3,526,861 = 2,739,203.29;
    # last year 2,572,667 × 115% = 2,958,567.05, so the cap takes 115,961.29 off.
    lines = said(shipped("r7"), "春日井市", "運用支援")
    expected = (
        "■ 運用支援業務等 2,958,567円",
        "予算額 44,710,000円",
        "参加団体 40団体",
        "負担割合: 均等割 30% + 人口割 70%",
        "均等割 30% 335,325円",
        "＝ 44,710,000円 × 30% ÷ 40団体",
        "春日井市の国勢調査人口 308,681人",
        "令和2年10月1日現在",
        "40団体の計 3,526,861人",
        "人口割の分 2,739,203.290…円",
        "＝ 44,710,000円 × 70% × 308,681人 ÷ 3,526,861人",
        "規則だけの額 3,074,528.290…円",
        "前年度の負担金 2,572,667円",
        "上限 2,958,567円",
        "＝ 2,572,667円 × 115%",
        "上限で止めた額 2,958,567円",
        "円未満切捨て 2,958,567円",
        "差額の加算 0円",
        "負担金額 2,958,567円",
    )
    assert [line for line in lines if line in expected] == list(expected)


def test_what_the_cap_took_is_told_to_the_others() -> None:
    lines = said(shipped("r7"), "小牧市", "運用支援")
    # 44,710,000 − 2,958,567 = 41,751,433 on those that had 41,635,471.71 by the formula
    assert "＝ 1,656,035.911…円 × 41,751,433円 ÷ 41,635,471.709…円" in lines
    assert "割り直した額 1,660,648.230…円" in lines


def test_who_got_the_rest_is_told_with_the_border() -> None:
    # 40,656,000 = 10,164,000 + 53 shares of 30,492,000, whose floors are 27 short
    whole = " ".join(story.details(of(shipped("r7"), "豊橋市", "システム運用保守")))
    text = "".join(whole.split())
    assert "40,656,000円に27円足りません。端数の大きい順に、27団体へ1円ずつ足します。" in text
    assert "豊橋市（端数0.839…円）は、端数が7番目に大きいため、1円足します。" in text
    assert "最後は27番目の尾張旭市（端数0.566…円）、次点は設楽町（端数0.555…円）です。" in text


def texts(outcome: Outcome, members: Sequence[Member]) -> list[str]:
    """Everything that is told of these members."""
    lines: list[str] = []
    for member in members:
        found = explain(outcome, member, outcome.results)
        lines += [*story.overview(found), *story.details(found)]
    return lines


def test_every_line_fits_a_terminal_and_a_japanese_pc(tmp_path: Path) -> None:
    council, odd = shipped("r7"), odd_council(tmp_path)
    lines = [*texts(council, council.members[::5]), *texts(odd, odd.members)]
    assert len(lines) > 5_000
    assert [line for line in lines if width(line) > WIDTH] == []
    assert "\n".join(lines).encode("cp932")


def test_every_step_says_where_it_stands(tmp_path: Path) -> None:
    for outcome in (shipped("r7"), odd_council(tmp_path)):
        for member in outcome.members:
            for project in explain(outcome, member, outcome.results).projects:
                for line in project.lines:
                    assert line.steps
                    assert [s.key for s in line.steps if "/" not in place(s.source)] == []


def test_a_member_that_is_not_in_the_roster_is_told_so() -> None:
    found = of(shipped("r7"), "豊橋市", "運用支援業務等")
    (line,) = found.projects[0].lines
    assert (line.yen, line.taking_part) == (0, False)
    assert line.steps[-1].words == (
        "豊橋市は、名簿「施設予約」に印がないので、この経費を負担しません。"
    )
    assert place(line.place) == "members/r7/roster.csv!D1"
    assert "名簿になし" in "\n".join(story.overview(of(shipped("r7"), "豊橋市")))


def test_a_body_in_no_roster_owes_nothing() -> None:
    found = of(shipped("r7"), "名古屋市")
    assert (found.invoiced, found.owed, found.instalments) == (0, 0, ())
    assert not any(line.taking_part for project in found.projects for line in project.lines)


def test_a_cap_on_the_whole_project_can_be_worked_out_again(tmp_path: Path) -> None:
    # 600/400/300 become 550/428.57/321.43 under the cap of 110% of 500/400/300
    rules = (
        BIND + "上限: 前年度の110%、超えた分は残りの団体で割り直す\n"
        "■経費 運営費\n負担割合: 人口割\n■経費 事務費\n負担割合: 均等割\n"
    )
    budget = {"運営費": 1000, "事務費": 300}
    root = small.write(tmp_path / "a", rules, budget, people(A市=5, B町=3, C村=2))
    previous(root, "運営費", [("A市", 500), ("B町", 400), ("C村", 300)])
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 9
    lines = said(outcome, "B町", "激変緩和調整")
    told = ("割り直した額 428.571…円", "差額の加算 1円", "調整額 29円")
    assert [line for line in lines if line in told] == list(told)
    # C村 takes no part in 事務費: its sum is of one line
    partly = rules.replace("■経費 事務費\n", "■経費 事務費\n名簿: 二団体\n")
    rosters = {"二団体": {"A市": "○", "B町": "○"}}
    figures = people(A市=5, B町=3, C村=2)
    root = small.write(tmp_path / "b", partly, budget, figures, rosters=rosters)
    previous(root, "運営費", [("A市", 500), ("B町", 500), ("C村", 300)])
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 8
    assert "調整の前の計 200円" in said(outcome, "C村", "激変緩和調整")


def test_a_mean_and_former_bodies_lead_to_each_cell(tmp_path: Path) -> None:
    figures: dict[str, dict[str, int | str]] = {
        "A市": {"件数（件、令和4年度実績）": 10, "件数（件、令和5年度実績）": 30},
        "B町": {"件数（件、令和4年度実績）": 30, "件数（件、令和5年度実績）": 50},
    }
    rules = "基礎数値: 件数（令和4年度から令和5年度まで平均）\n■経費 運営費\n負担割合: 件数割\n"
    root = small.write(tmp_path, rules, {"運営費": 600}, figures)
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 2
    steps = {s.key: s for s in of(outcome, "A市").projects[0].lines[0].steps}
    years = [steps[f"line1.driver1.value.year{n}"] for n in (1, 2)]
    assert [s.value for s in years] == [10, 30]
    cells = ["members/r7/figures.csv!C2", "members/r7/figures.csv!D2"]
    assert [place(s.source) for s in years] == cells
    assert steps["line1.driver1.value"].value == 20


def test_a_sum_of_years_leads_to_each_cell(tmp_path: Path) -> None:
    """7円 for each of 10 + 30 and of 30 + 50 cases."""
    figures: dict[str, dict[str, int | str]] = {
        "A市": {"件数（件、令和4年度実績）": 10, "件数（件、令和5年度実績）": 30},
        "B町": {"件数（件、令和4年度実績）": 30, "件数（件、令和5年度実績）": 50},
    }
    rules = "基礎数値: 件数（令和4年度から令和5年度まで合計）\n■経費 運営費\n負担割合: 件数 1件につき 7円\n"
    outcome = small.run(
        small.write(tmp_path, rules, {"運営費": ""}, figures, income=40 * 7 + 80 * 7)
    )
    assert small.yen(outcome) == {"運営費": {"A市": 280, "B町": 560}}
    assert check_all(outcome, records(outcome)) == 2
    steps = {s.key: s for s in of(outcome, "A市").projects[0].lines[0].steps}
    assert [steps[f"line1.value.year{n}"].value for n in (1, 2)] == [10, 30]
    assert steps["line1.value"].label == "合計"
    assert steps["line1.value"].value == 40


def test_a_merged_body_is_explained_by_its_successor(tmp_path: Path) -> None:
    rules = BIND + "■経費 運営費\n負担割合: 人口割\n"
    root = small.write(tmp_path, rules, {"運営費": 100}, people(A市=3, B町=5, C村=2))
    register = root / "members/members.csv"
    one, two = small.code(1), small.code(2)
    workspace_edit(
        register, f"{two},B町,よみ,町,,会員,,,", f"{two},B町,よみ,町,,会員,,2025-03-31,{one}"
    )
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 2
    found = of(outcome, "B町")
    assert (found.asked.name, found.member.name, found.owed) == ("B町", "A市", 80)
    assert "B町は、合併によりA市に引き継がれています。" in list(story.overview(found))
    steps = {s.key: s for s in found.projects[0].lines[0].steps}
    assert [steps[f"line1.driver1.value.{code}"].value for code in (one, two)] == [3, 5]
    assert steps["line1.driver1.value"].value == 8


def workspace_edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_lead_is_told_for_whom_it_pays(tmp_path: Path) -> None:
    rules = "■経費 運営費\n負担割合: 均等割\n■グループ 北部\n団体: B町、C村\n代表: B町\n"
    root = small.write(tmp_path, rules, {"運営費": 301}, people(A市=5, B町=3, C村=2))
    outcome = small.run(root)
    lead, led = of(outcome, "B町"), of(outcome, "C村")
    assert (lead.invoiced, lead.owed, led.invoiced, led.owed) == (200, 100, 0, 100)
    assert [(m.name, yen) for m, yen in lead.others] == [("C村", 100)]
    assert [(m.name, yen) for m, yen in led.payers] == [("B町", 100)]
    assert "代表のB町に請求する額" in "".join(story.overview(led))
    assert "代表として納めるC村の分" in "".join(story.overview(lead))


@pytest.mark.parametrize("text", ["豊橋市", " 豊橋 市", "232017", "２３２０１７"])
def test_a_member_is_found_by_name_or_code(text: str) -> None:
    found = find_member(shipped("r7").tables, text)
    assert not isinstance(found, Problem)
    assert found.code == "232017"


@pytest.mark.parametrize(
    ("question", "code", "fix"),
    [
        (("豊橋", None, None), "W902", "--member 豊橋市"),
        (("232018", None, None), "W902", "--member 232017"),
        (("豊橋市", "施説予約事業", None), "W901", "--project 施設予約事業"),
        (("豊橋市", None, "事務経費"), "W903", "--line 事務費"),
        (("豊橋市", "電子調達", None), "W901", "--project 電子調達（物品等）事業"),
        (("豊橋市", None, "システム"), "W903", "--line システム運用保守"),
        (("豊橋市", "物品", "システム保守"), "W903", "--line コアシステム年間保守料"),
    ],
)
def test_unknown_names_are_told_with_the_near_one(
    question: tuple[str, str | None, str | None], code: str, fix: str
) -> None:
    with pytest.raises(InputError) as caught:
        story.answer(workspace.SHIPPED, FiscalYear(2025), story.Question(*question))
    assert [(p.code, p.fix) for p in caught.value.problems] == [(code, fix)]


def test_all_unknown_names_are_told_at_once() -> None:
    asked = ("--member", "豊橋", "--line", "事務経費", "--dir", str(workspace.SHIPPED))
    done = apportion("explain", "--year", "r7", *asked)
    assert done.code == options.WRONG_INPUT
    assert not done.stdout
    assert "W902" in done.stderr
    assert "W903" in done.stderr


def test_a_part_of_a_name_is_enough_where_it_is_clear() -> None:
    found = of(shipped("r7"), "春日井市", "運用支援")
    assert [line.line.name for line in found.projects[0].lines] == ["運用支援業務等"]


def test_a_line_of_several_projects_is_told_for_each() -> None:
    found = of(shipped("r7"), "春日井市", "事務費")
    assert len(found.projects) == 4
    assert {line.line.name for project in found.projects for line in project.lines} == {"事務費"}


def test_json_of_the_command_is_the_record() -> None:
    shown = ("--project", "施設予約", "--json", "--dir", str(workspace.SHIPPED))
    done = apportion("explain", "--year", "r7", "--member", "春日井市", *shown)
    told = json.loads(done.stdout)
    assert (told["year"], told["state"], told["member"]["code"]) == ("r7", "例", "232068")
    assert [project["project"] for project in told["projects"]] == ["施設予約事業"]
    charges = told["projects"][0]["charges"]
    assert sum(recompute.charge(charge) for charge in charges) == told["projects"][0]["yen"]
    assert told["invoiced"] == sum(due["yen"] for due in told["instalments"])


def test_explain_loads_no_heavy_package() -> None:
    heavy = "('numpy', 'pandas', 'openpyxl', 'xlsxwriter', 'python_calamine', 'rich')"
    program = (
        "from pathlib import Path; from apportion.cli import story;"
        "from apportion.core.year import FiscalYear;"
        "story.answer(Path(), FiscalYear(2025), story.Question('豊橋市', None, None));"
        f"import sys; assert not [m for m in {heavy} if m in sys.modules]"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, cwd=workspace.SHIPPED
    )
    assert done.returncode == 0, done.stderr.decode()


def test_rows_keep_their_columns() -> None:
    (line,) = row(1, "予算額", "1,000円", "a.csv!E2")
    assert width(line[: line.index("円") + 1]) == 48
    assert width(line[: line.index("a.csv")]) == 60
    assert row(0, "名" * 30, "1円") == ["名" * 30, " " * 45 + "1円"]
    assert sentence(1, "あ" * 60) == ["  " + "あ" * 49, "  " + "あ" * 11]


def test_words_of_places_parts_and_rules() -> None:
    sheet = Source(file="members/r7/roster.xlsx", sheet="名簿", cell="C5")
    assert place(sheet) == "members/r7/roster.xlsx 名簿!C5"
    assert (period(Fraction(1, 2)), period(Fraction(184, 365))) == ("6/12", "184/365")
    assert value_of("負担割合：　県に 25%") == "県に 25%"


def steps_of(outcome: Outcome, name: str, line: str) -> dict[str, Step]:
    return {step.key: step for step in of(outcome, name, line).projects[0].lines[0].steps}


def test_a_row_of_a_table_is_quoted_with_its_place() -> None:
    steps = steps_of(shipped("r7"), "豊橋市", "第四期サービス利用料")
    value = steps["line2.driver2.value"]
    assert value.value == 10
    assert value.words == "30万人以上: 10"
    assert value.source.text == "30万人以上: 10"
    assert place(steps["line2.driver2.value.figure1"].source) == "members/r7/figures.csv!C3"


def test_headings_are_the_lines_of_the_rule_files() -> None:
    seen = 0
    for member in shipped("r7").members[::9]:
        for project in explain(shipped("r7"), member, shipped("r7").results).projects:
            for step in (step for line in project.lines for step in line.steps):
                file, _, number = place(step.source).partition(":")
                if step.value is None and number and step.depth == 0:
                    text = (workspace.SHIPPED / file).read_text(encoding="utf-8-sig")
                    assert text.splitlines()[int(number) - 1] == step.label
                    seen += 1
    assert seen > 100


def test_budget_and_what_is_taken_off_it_lead_to_their_cells() -> None:
    steps = steps_of(compute(HERE / "r05_aso", small.R7), "阿蘇市", "ごみ処理費")
    places = {key: place(steps[key].source) for key in ("budget", "deduct1", "deduct2")}
    assert places == {
        "budget": "rules/r7/budget.csv!E2",
        "deduct1": "rules/r7/budget.csv!F2",
        "deduct2": "rules/r7/10_aso.txt:14",
    }


def test_units_are_counted_before_they_are_priced(tmp_path: Path) -> None:
    # 2,001 people are 3 times 1,000 (端数切上げ), at 100円 each for 6 months of 12: 150
    rules = (
        BIND + "途中参加: 月割（参加した月を含む）\n"
        "■経費 運営費\n名簿: 半年\n負担割合: 人口 1,000人につき 100円（端数切上げ）\n"
    )
    rosters = {"半年": {"A市": "R7.10.1から", "B町": "○"}}
    members = people(A市=2001, B町=1000)
    root = small.write(tmp_path, rules, {"運営費": 250}, members, rosters=rosters)
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 2
    steps = steps_of(outcome, "A市", "運営費")
    assert [steps[key].value for key in ("line1.units", "line1.yen", "charge")] == [3, 150, 150]


def test_part_of_a_year_is_added_up_over_the_members(tmp_path: Path) -> None:
    lines = said(odd_council(tmp_path), "東郷町", "途中均等")
    # 12, 6 and 3 months: 100,000 × 6/12 ÷ 1.75
    told = ("参加する期間 6/12", "参加する期間の計 1.75団体", "＝ 100,000円 × 6/12 ÷ 1.75団体")
    assert [line for line in lines if line in told] == list(told)


def test_an_expression_of_the_base_is_quoted(tmp_path: Path) -> None:
    # 1,001 × 1/2 = 500.5, cut to 500: 501 are 対象外
    rules = "■経費 運営費\n対象: 予算額 × 1/2\n負担割合: 均等割\n"
    root = small.write(tmp_path, rules, {"運営費": 1001}, people(A市=3, B町=5), income=500)
    income = (root / "rules/r7/income.csv").read_text(encoding="utf-8")
    small.save(root, "rules/r7/income.csv", f"{income}区分,共同事業,繰越金,501\n")
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 2
    lines = said(outcome, "A市", "運営費")
    told = ("対象にする額 500円", "＝ 予算額 1,001円 － 対象外 501円", "対象: 予算額 × 1/2")
    assert [line for line in lines if line in told] == list(told)


def test_who_pays_what_others_are_over_is_told(tmp_path: Path) -> None:
    # 1,000 by 5:3:2; A市 is capped at 400 and C村 pays the other 100
    rules = BIND + "■経費 運営費\n負担割合: 人口割\n上限: A市ごとに 400円、超えた分はC村が負担\n"
    root = small.write(tmp_path, rules, {"運営費": 1000}, people(A市=5, B町=3, C村=2))
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 3
    lines = said(outcome, "C村", "運営費")
    told = (
        "超えた分を足した額 300円",
        "＝ 規則だけの額 200円 + ほかの団体が上限を超えた分 100円",
        "負担金額 300円",
    )
    assert [line for line in lines if line in told] == list(told)


def test_a_member_without_last_year_is_told_to_be_left_out(tmp_path: Path) -> None:
    rules = (
        BIND + "■経費 運営費\n負担割合: 人口割\n"
        "上限: 前年度の110%、超えた分は残りの団体で割り直す、前年度のない団体は除く\n"
    )
    root = small.write(tmp_path, rules, {"運営費": 1000}, people(A市=5, B町=3, C村=2))
    previous(root, "運営費", [("A市", 400), ("B町", 400)])
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 3
    lines = said(outcome, "C村", "運営費")
    assert "対象外 前年度の負担金がないので、この行から除かれます。" in lines
    assert "負担金額 224円" in lines


def test_what_a_table_does_not_ask_of_a_member_is_not_told(tmp_path: Path) -> None:
    # A市 weighs 7 without its figure, which is blank; B町 weighs its 3
    rules = BIND + "■経費 運営費\n負担割合: 規模割\n■係数表 規模割\nA市: 7\nその他: 人口\n"
    root = small.write(tmp_path, rules, {"運営費": 100}, {"A市": {POPULATION: ""}, **people(B町=3)})
    outcome = small.run(root)
    assert check_all(outcome, records(outcome)) == 2
    keys = list(steps_of(outcome, "A市", "運営費"))
    assert "line1.driver1.value" in keys
    assert "line1.driver1.value.figure1" not in keys
    assert "line1.driver1.value.figure1" in steps_of(outcome, "B町", "運営費")


def test_what_is_not_shared_again_is_kept_apart(tmp_path: Path) -> None:
    # 30 each, and 910 by 5:3:2 = 455/273/182. A市 is held at 370, 340 beside its 30: the others
    # bear 570 instead of 455 by the formula, 342 and 228, beside the 30 that stay.
    rules = (
        BIND + "■経費 運営費\n負担割合: 参加団体に 30円ずつ\n負担割合: 残りを 人口割\n"
        "上限: 前年度の100%、超えた分は残りの団体で割り直す\n"
    )
    root = small.write(tmp_path, rules, {"運営費": 1000}, people(A市=5, B町=3, C村=2))
    previous(root, "運営費", [("A市", 370), ("B町", 900), ("C村", 900)])
    outcome = small.run(root)
    assert small.yen(outcome) == {"運営費": {"A市": 370, "B町": 372, "C村": 258}}
    assert check_all(outcome, records(outcome)) == 3
    lines = said(outcome, "B町", "運営費")
    assert "＝ 規則だけの額 303円 × 570円 ÷ 455円 + 割り直さない額 30円 － 割り直さない額 30円" in (
        " ".join(lines)
    )


def test_steps_that_pile_up_are_said_so(tmp_path: Path) -> None:
    # 3 people at 2 each and 4 more at 1 are 10; 2 people are 4: 140 is 100 and 40
    rules = (
        BIND + "■経費 運営費\n負担割合: 段割\n■段階表 段割\n区分: 人口\n"
        "読み方: 段ごとに積み上げる\n3人未満: 2\n3人以上: 1\n"
    )
    root = small.write(tmp_path, rules, {"運営費": 140}, people(A市=7, B町=2))
    outcome = small.run(root)
    assert small.yen(outcome) == {"運営費": {"A市": 100, "B町": 40}}
    assert check_all(outcome, records(outcome)) == 2
    assert "人口を段ごとに積み上げた値です。" in said(outcome, "A市", "運営費")


def test_a_mean_of_former_bodies_is_added_up(tmp_path: Path) -> None:
    # means 20 and 40 become one body's 60, beside 30: 90 is 60 and 30
    headings = ("件数（件、令和4年度実績）", "件数（件、令和5年度実績）")
    counts = {"A市": (10, 30), "B町": (30, 50), "C村": (30, 30)}
    figures: dict[str, dict[str, int | str]] = {
        name: dict(zip(headings, pair, strict=True)) for name, pair in counts.items()
    }
    rules = "基礎数値: 件数（令和4年度から令和5年度まで平均）\n■経費 運営費\n負担割合: 件数割\n"
    root = small.write(tmp_path, rules, {"運営費": 90}, figures)
    one, two = small.code(1), small.code(2)
    before, after = f"{two},B町,よみ,町,,会員,,,", f"{two},B町,よみ,町,,会員,,2025-03-31,{one}"
    workspace_edit(root / "members/members.csv", before, after)
    outcome = small.run(root)
    assert small.yen(outcome) == {"運営費": {"A市": 60, "C村": 30}}
    assert check_all(outcome, records(outcome)) == 2
