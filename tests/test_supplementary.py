"""補正: new yearly amounts; what was due stays, the rest is spread again. Amounts are worked out by hand."""

import csv
import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from apportion.cli.story import Question, answer
from apportion.core.problem import InputError
from apportion.core.year import AskedBudget, Edition
from apportion.explain import explain
from apportion.explain.record import record
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.pipeline import run, verify
from apportion.years.bridge import exported, postings
from apportion.years.issues.seal import Note, seal
from tests import recompute, small
from tests.program import apportion
from tests.small import R7, parts, revise, run_edition, save, write, yen
from tests.small import run as run_first

HALVES = "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n"
FOUR = (
    "納期: 第1期 令和7年6月30日 25%、第2期 令和7年9月30日 25%、"
    "第3期 令和7年12月25日 30%、第4期 令和8年2月27日 20%"
)
EQUAL = "\n■経費 事務費\n負担割合: 均等割\n"
PEOPLE = "人口（人、令和2年10月1日現在）"
BODIES = {"あおば市": {PEOPLE: 3}, "みどり町": {PEOPLE: 2}}


def council(root: Path, rules: str, amount: int = 1_000) -> Path:
    return write(root, f"{rules}{EQUAL}", {"事務費": amount}, BODIES)


def spoiled(root: Path, number: int = 1) -> list[str]:
    with pytest.raises(InputError) as raised:
        run_edition(root, number)
    return [problem.code for problem in raised.value.problems]


def codes(outcome: Outcome) -> list[str]:
    return [problem.code for problem in outcome.problems]


def test_what_was_due_stays_and_the_rest_is_spread_again(tmp_path: Path) -> None:
    """500円 each, 250 due in July; 301円 more make 651 and 650: 401 and 400 are left."""
    revise(council(tmp_path, HALVES), 1, {"事務費": 301}, day="令和7年11月20日")
    outcome = run_edition(tmp_path, 1)
    assert yen(outcome) == {"事務費": {"あおば市": 651, "みどり町": 650}}
    assert parts(outcome, "あおば市") == [(1, "2025-07-31", 250), (2, "2026-01-30", 401)]
    assert parts(outcome, "みどり町") == [(1, "2025-07-31", 250), (2, "2026-01-30", 400)]
    assert [part.number for part in outcome.revision.stays] == [1, 1] if outcome.revision else 0
    assert yen(run_first(tmp_path)) == {"事務費": {"あおば市": 500, "みどり町": 500}}


def test_the_rest_goes_by_the_ratio_of_the_shares_that_are_left(tmp_path: Path) -> None:
    """20,000円 each in 5,000, 5,000, 6,000 and 4,000; 23,333円 now leave 13,333円 in 30 : 20.

    13,333 × 3/5 = 7,999.8 and 13,333 × 2/5 = 5,333.2; in thousands 7,000 and 5,000, and 1,333
    more in the last.
    """
    rules = f"{FOUR}\n期割の端数: 千円未満切捨て、差額は最終期\n"
    revise(council(tmp_path, rules, 40_000), 1, {"事務費": 6_666}, day="令和7年9月30日")
    outcome = run_edition(tmp_path, 1)
    assert parts(outcome, "みどり町") == [
        (1, "2025-06-30", 5_000),
        (2, "2025-09-30", 5_000),
        (3, "2025-12-25", 7_000),
        (4, "2026-02-27", 6_333),
    ]


def test_less_than_was_billed_is_paid_back_in_the_last(tmp_path: Path) -> None:
    """1,000円 each, 500 of them due by September; 300 now: 0 and △200."""
    revise(council(tmp_path, FOUR + "\n", 2_000), 1, {"事務費": -1_400}, day="R7.10.1")
    assert [part[2] for part in parts(run_edition(tmp_path, 1), "みどり町")] == [250, 250, 0, -200]


def test_a_second_revision_goes_on_from_the_first(tmp_path: Path) -> None:
    """500 each; 250 stay, 350 are left after the first; the second takes the 3rd of four for due."""
    root = council(tmp_path, FOUR + "\n")
    revise(root, 1, {"事務費": 200}, day="令和7年10月10日")
    revise(root, 2, {"事務費": -100}, day="令和8年1月10日")
    assert [p[2] for p in parts(run_edition(root, 1), "あおば市")] == [125, 125, 210, 140]
    assert [p[2] for p in parts(run_edition(root, 2), "あおば市")] == [125, 125, 210, 90]


def test_without_a_day_everything_is_spread_again_and_told(tmp_path: Path) -> None:
    revise(council(tmp_path, HALVES), 1, {"事務費": 200})
    outcome = run_edition(tmp_path, 1)
    assert parts(outcome, "あおば市") == [(1, "2025-07-31", 300), (2, "2026-01-30", 300)]
    assert codes(outcome) == ["W855"]
    [problem] = outcome.problems
    assert "補正第1号（円、令和7年11月20日）" in problem.fix


def test_nothing_left_to_pay_in_is_an_instalment_without_a_date(tmp_path: Path) -> None:
    """The mend of the warning gives it a date, and the others do not move."""
    revise(council(tmp_path, HALVES), 1, {"事務費": 300}, day="令和8年2月20日")
    outcome = run_edition(tmp_path, 1)
    first = [(1, "2025-07-31", 250), (2, "2026-01-30", 250)]
    assert parts(outcome, "みどり町") == [*first, (3, "", 150)]
    assert codes(outcome) == ["W866", "W857"]
    mended = outcome.problems[1].fix.partition("例: ")[2]
    rules = (tmp_path / "rules/r7/10.txt").read_text(encoding="utf-8")
    save(tmp_path, "rules/r7/10.txt", rules.replace(HALVES.strip(), mended))
    outcome = run_edition(tmp_path, 1)
    assert codes(outcome) == ["W866"]
    assert parts(outcome, "みどり町") == [*first, (3, "2026-03-31", 150)]


@pytest.mark.parametrize(
    ("before", "change", "day", "expected"),
    [
        # 400 each at once in June; 600 is above 500: the 200 more in what is left of four.
        (800, 400, "令和7年11月20日", [(1, 400), (3, 120), (4, 80)]),
        # 600 each in four, half of it due; 450 is not above 500: still in what was left.
        (1_200, -300, "令和7年11月20日", [(1, 150), (2, 150), (3, 90), (4, 60)]),
        # 400 each at once, 450 now: the 50 more in the next instalment of the plan.
        (800, 100, "令和7年8月1日", [(1, 400), (2, 50)]),
        # Nothing is due yet: 400 at once become 600 in four.
        (800, 400, "令和7年5月1日", [(1, 150), (2, 150), (3, 180), (4, 120)]),
    ],
)
def test_a_threshold_that_is_passed_on_the_way(
    before: int, change: int, day: str, expected: list[tuple[int, int]], tmp_path: Path
) -> None:
    root = council(tmp_path, f"{FOUR}、年額500円超に限る\n", before)
    outcome = run_edition(revise(root, 1, {"事務費": change}, day=day), 1)
    found = [(number, part) for number, _, part in parts(outcome, "あおば市")]
    assert found == expected
    # What is past has the yen of today as long as nothing is sealed, and that is told.
    assert codes(outcome) == ["W866"] * (day != "令和7年5月1日")


def test_who_is_not_changed_keeps_every_instalment(tmp_path: Path) -> None:
    """Thousands with the difference to the first: what is left would be cut in another way."""
    rules = f"{FOUR}\n期割の端数: 千円未満切捨て、差額は第1期\n"
    root = council(tmp_path, rules, 40_002)
    before = run_first(root).instalments
    after = run_edition(revise(root, 1, {"事務費": 0}, day="令和7年7月31日"), 1)
    assert after.instalments == before


def test_earmarked_income_changes_too(tmp_path: Path) -> None:
    """1,000 less 200 are shared; the 補正 adds 100 and takes 50 of 特定財源 away: 1,100 - 150."""
    root = council(tmp_path, HALVES)
    rules = (root / "rules/r7/10.txt").read_text(encoding="utf-8")
    deducted = rules.replace("負担割合: 均等割", "差し引く: 特定財源\n負担割合: 均等割")
    save(root, "rules/r7/10.txt", deducted)
    save(
        root,
        "rules/r7/budget.csv",
        "区分,事業,項,経費,予算額（円）,特定財源（円）,補正第1号（円、R7.11.20）,特定財源 補正第1号（円）\n"
        "区分,共同事業,,事務費,1000,200,100,△50\n",
    )
    save(
        root,
        "rules/r7/income.csv",
        "区分,事業,科目,予算額（円）,補正第1号（千円、R7.11.20）\n"
        "区分,共同事業,負担金収入,800,0.15\n区分,共同事業,補助金,200,△0.05\n",
    )
    assert yen(run_first(root)) == {"事務費": {"あおば市": 400, "みどり町": 400}}
    assert yen(run_edition(root, 1)) == {"事務費": {"あおば市": 475, "みどり町": 475}}


def test_the_income_section_must_follow(tmp_path: Path) -> None:
    root = revise(council(tmp_path, HALVES), 1, {"事務費": 300}, income=200, day="R7.11.20")
    with pytest.raises(InputError) as raised:
        run_edition(root, 1)
    unsealed, problem = raised.value.problems
    assert (unsealed.code, problem.code) == ("W866", "W410")
    assert (
        problem.source.place()
        == "rules/r7/budget.csv  F2（2行目）  「補正第1号（円、R7.11.20）」の列"
    )
    assert "income.csv  E2" in problem.why


def test_the_first_budget_and_a_new_line_of_the_second(tmp_path: Path) -> None:
    """A 経費 that only the 補正 has stands with 0 in the first budget."""
    rules = f"{HALVES}\n■経費 事務費、訓練費\n負担割合: 均等割\n検算: 合計 = 1,000円\n"
    root = write(tmp_path, rules, {"事務費": 1_000, "訓練費": 0}, BODIES)
    revise(root, 1, {"訓練費": 10}, day="R7.11.20")
    assert yen(run_edition(root, 1))["訓練費"] == {"あおば市": 5, "みどり町": 5}


def decide(root: Path) -> None:
    """Make the rules those of a council that has decided."""
    rules = (root / "rules/r7/10.txt").read_text(encoding="utf-8")
    bank = "\n■請求書\n住所: 中央市1番地\n発行者: 協議会\n代表者: 会長\n振込先: 中央銀行 0000000\n"
    save(root, "rules/r7/10.txt", rules.replace("状態: 案", "状態: 議決") + bank)


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a decided council after its first 補正, beside the workspace."""
    root = council(tmp_path_factory.mktemp("revised"), HALVES)
    decide(root)
    revise(root, 1, {"事務費": 301}, day="令和7年11月20日")
    small.decide(root, "補正第1号,令和7年11月20日,議決,補正議決")
    run(root, R7, edition=Edition(1))
    return root


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_the_folder_of_a_case_holds_everything_and_is_verified(revised: Path) -> None:
    folder = revised / "outputs" / "r7-補正1"
    assert json.loads((folder / "記録.json").read_text("utf-8"))["ケース"] == "補正1"
    problems, said = verify(folder, revised)
    assert problems == ()
    assert "1,301円" in said
    found = [tuple(row.values())[2:] for row in rows(folder / "data" / "changes.csv")]
    assert found == [
        ("あおば市", "共同事業", "500", "651", "151"),
        ("みどり町", "共同事業", "500", "650", "150"),
    ]
    billed = [(row["期"], row["請求額_円"]) for row in rows(folder / "data" / "invoices.csv")]
    assert billed == [("1", "250"), ("2", "401"), ("1", "250"), ("2", "400")]


def test_another_budget_is_not_what_the_case_wrote(revised: Path, tmp_path: Path) -> None:
    root = shutil.copytree(revised, tmp_path / "copy")
    for name in ("budget", "income"):
        path = root / f"rules/r7/{name}.csv"
        path.write_text(path.read_text("utf-8").replace(",301", ",303"), encoding="utf-8")
    found = {problem.code for problem in verify(root / "outputs" / "r7-補正1", root)[0]}
    assert {"W605", "W606"} <= found


FIRST, MERGER = Edition(1), Edition(1, "合併")


def form(revised: Path, edition: Edition = FIRST) -> list[list[object]]:
    [path] = (revised / f"outputs/r7-{edition}/請求書").glob("*_あおば市_*.xlsx")
    sheet = load_workbook(path, data_only=True)["通知"]
    return [[c for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]


def test_the_notice_shows_before_and_after(revised: Path) -> None:
    told = form(revised)
    assert ["負担金変更通知書"] in told
    assert ["今回納入いただく額（第2期）", 401] in told
    assert ["事業", "変更前（円）", "変更後（円）", "増減（円）"] in told
    assert ["共同事業", 500, 651, 151] in told
    number = told.index(["期", "納期限", "変更前（円）", "変更後（円）", "区分"])
    first, second, whole = told[number + 1 : number + 4]
    assert [first[0], *first[2:]] == ["第1期", 250, 250, "請求済み"]
    assert [second[0], *second[2:]] == ["第2期", 250, 401, "変更"]
    assert whole == ["合計", 500, 651]


def test_the_summary_compares_with_what_the_income_section_changed(revised: Path) -> None:
    path = revised / "outputs/r7-補正1/負担金一覧.xlsx"
    sheet = load_workbook(path, data_only=True)["変更比較"]
    told = [[c for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]
    assert ["収入の部（負担金収入）の補正第1号の額", 301] in told
    assert ["差（増減の合計との差）", 0] in told
    live = load_workbook(path)["変更比較"]
    [cell] = [row for row in live.iter_rows() if row[0].value == "差（増減の合計との差）"]
    assert str(cell[4].value).startswith("=")


def test_commands_know_the_edition(revised: Path) -> None:
    where = ("--year", "r7", "--dir", str(revised))
    done = apportion("check", *where, "--case", "補正1")
    assert (done.code, "次は: apportion run --year r7 --case 補正1" in done.stdout) == (0, True)
    done = apportion(
        "explain", *where, "--case", "補正第１号", "--member", "あおば市", "--line", "事務費"
    )
    assert "予算額 1,000円 + 補正第1号 301円" in done.stdout
    assert "補正予算（第1号）のあとの負担金" in done.stdout
    done = apportion("run", *where, "--case", "補正2")
    assert done.code == 1
    assert "次のどれかを指定してください: 補正1" in done.stderr + done.stdout
    done = apportion("run", *where, "--case", "決算")
    assert done.code == 2
    assert not (revised / "outputs" / "r7-補正2").exists()


def sealed(root: Path, number: int | None = None) -> None:
    """Decide, run and seal."""
    name = Edition(number) if number else None
    decide(root)
    run(root, R7, edition=name)
    seal(root, R7, Note("総会議決"), name)


def test_what_was_sealed_stays_though_the_figures_are_corrected(tmp_path: Path) -> None:
    """300 : 200 were billed in halves; with 2 : 2 people now 300 and 300 of 600 are owed.

    150 and 100 stay: 150 and 200 are left.
    """
    split = "\n■経費 事務費\n負担割合: 人口割\n"
    bind = "基礎数値: 人口（令和2年10月1日現在）\n"
    root = write(tmp_path, bind + HALVES + split, {"事務費": 500}, BODIES)
    sealed(root)
    figures = (root / "members/r7/figures.csv").read_text("utf-8")
    save(root, "members/r7/figures.csv", figures.replace("あおば市,3", "あおば市,2"))
    outcome = run_edition(revise(root, 1, {"事務費": 100}, day="R7.11.20"), 1)
    assert [p[2] for p in parts(outcome, "あおば市")] == [150, 150]
    assert [p[2] for p in parts(outcome, "みどり町")] == [100, 200]
    assert outcome.revision is not None
    assert outcome.revision.former.issue == "第1回"
    code = outcome.tables.by_name["あおば市"].code
    assert outcome.before(code, "共同事業") == 300


def test_after_a_seal_the_day_must_be_known(tmp_path: Path) -> None:
    root = council(tmp_path, HALVES)
    sealed(root)
    assert spoiled(revise(root, 1, {"事務費": 100})) == ["W856"]


def test_a_change_of_what_was_paid_or_can_be_told_no_more_is_told(tmp_path: Path) -> None:
    """500円, people 3 : 2; halves in July and January. −100円 in November: 60 and 40, all in January.

    みどり町 has paid its January in October; what it pays in December comes after the act.
    """
    split = "\n■経費 事務費\n負担割合: 人口割\n"
    bind = "基礎数値: 人口（令和2年10月1日現在）\n"
    root = write(tmp_path, bind + HALVES + split, {"事務費": 500}, BODIES)
    sealed(root)
    revise(root, 1, {"事務費": -100}, day="令和7年11月20日")
    town = compute(root, R7).tables.by_name["みどり町"].code
    head = "団体コード,団体名,期,納入日,納入額（円）\n"
    rows = f"{town},みどり町,2,R7.10.1,100\n{town},みどり町,2,R7.12.1,1\n"
    save(root, "members/r7/payments.csv", head + rows)
    small.decide(root, "補正第1号,令和7年11月20日,議決,")
    outcome = compute(root, R7, edition=Edition(1))
    [told] = [problem for problem in outcome.problems if problem.code == "W838"]
    assert told.source.file == "rules/r7/acts.csv"
    assert told.why.splitlines()[1:] == [
        "    みどり町 第2期（令和8年1月30日） 100円 → 60円（納入済 100円）"
    ]
    text = (root / "rules/r7/10.txt").read_text("utf-8")
    for days, late in ((70, False), (72, True)):  # 71 days before 30 January is 20 November
        notice = f"\n■請求書\n通知期限: 納期限の{days}日前まで\n" if "■請求書" not in text else ""
        save(root, "rules/r7/10.txt", f"{text}{notice or f'通知期限: 納期限の{days}日前まで'}\n")
        outcome = compute(root, R7, edition=Edition(1))
        [told] = [problem for problem in outcome.problems if problem.code == "W838"]
        line = "    あおば市 第2期（令和8年1月30日） 150円 → 90円（通知期限後）"
        assert (line in told.why.splitlines()) == late
    run(root, R7, edition=Edition(1))
    seal(root, R7, Note("補正議決"), Edition(1))
    outcome = compute(root, R7, edition=Edition(1))
    assert "W838" not in codes(outcome)  # it is issued


def test_a_merger_after_the_first_bill(tmp_path: Path) -> None:
    """みどり町 joins あおば市 in October: both were billed 150 and 100; the city owes the rest.

    Of 500円 by people (3 : 2) all is the city's: 250 stay where they were billed, 250 are left.
    """
    split = "\n■経費 事務費\n負担割合: 人口割\n"
    bind = "基礎数値: 人口（令和2年10月1日現在）\n"
    root = write(tmp_path, bind + HALVES + split, {"事務費": 500}, BODIES)
    sealed(root)
    members = (root / "members/members.csv").read_text("utf-8")
    code = compute(root, R7).tables.by_name["あおば市"].code
    merged = members.replace(
        "みどり町,よみ,町,,会員,,,", f"みどり町,よみ,町,,会員,,2025-09-30,{code}"
    )
    assert merged != members
    save(root, "members/members.csv", merged)
    small.decide(root, "合併第1号,令和7年10月1日,議決,みどり町の編入")
    outcome = compute(root, R7, edition=MERGER)
    assert parts(outcome, "あおば市") == [(1, "2025-07-31", 150), (2, "2026-01-30", 250)]
    assert parts(outcome, "みどり町") == [(1, "2025-07-31", 100)]
    assert yen(outcome) == {"事務費": {"あおば市": 500}}
    assert outcome.before(code, "共同事業") == 500
    assert "W860" in codes(outcome)
    run(root, R7, edition=MERGER)
    assert verify(root / "outputs" / "r7-合併1", root)[0] == ()
    _the_notice_and_the_postings_agree(root)
    _the_explanation_adds_up(root)


def _the_explanation_adds_up(root: Path) -> None:
    """500 of the year: 150 and 250 of the city, 100 that the town was billed."""
    told = answer(root, R7, Question("あおば市", None, None, MERGER)).splitlines()
    assert [" ".join(line.split()) for line in told[2:7]] == [
        "請求額 500円",
        "第1期 令和7年7月31日 150円",
        "第1期（みどり町分） 令和7年7月31日 100円",
        "第2期 令和8年1月30日 250円",
        "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り",
    ]


def _the_notice_and_the_postings_agree(root: Path) -> None:
    """What was billed to the town stands on the notice of the city as the town's."""
    told = form(root, MERGER)
    assert ["今回納入いただく額（第2期）", 250] in told
    number = told.index(["期", "納期限", "変更前（円）", "変更後（円）", "区分"])
    assert [[row[0], *row[2:]] for row in told[number + 1 : number + 5]] == [
        ["第1期", 150, 150, "請求済み"],
        ["第1期（みどり町分）", 100, 100, "請求済み"],
        ["第2期", 150, 250, "変更"],
        ["第2期（みどり町分）", 100, 0, "取りやめ"],
    ]
    assert told[number + 4][1] == "納入は要りません"
    made = exported(root, R7, AskedBudget(MERGER))
    listed = [(p.name, p.number, p.yen, p.before) for p in postings(made)]
    assert listed == [
        *(("あおば市", 1, 150, 150), ("あおば市", 2, 250, 150)),
        *(("みどり町", 1, 100, 100), ("みどり町", 2, 0, 100)),
    ]


def test_a_sealed_revision_is_computed_again_from_its_own_inputs(tmp_path: Path) -> None:
    """The replay of 第2回 finds what 第1回 billed beside it, whatever was corrected later."""
    root = council(tmp_path, HALVES)
    sealed(root)
    revise(root, 1, {"事務費": 301}, day="R7.11.20")
    small.decide(root, "補正第1号,R7.11.20,議決,")
    run(root, R7, edition=Edition(1))
    issue = seal(root, R7, Note("補正議決"), Edition(1)).folder
    save(root, "members/r7/roster.csv", "団体コード,団体名,全団体名簿\n990019,あおば市,○\n")
    done = apportion("verify", str(issue), "--dir", str(root))
    assert done.code == 0, done.stdout + done.stderr


@pytest.mark.parametrize("state", ["例", "案"])
def test_while_nothing_is_decided_the_notice_asks_for_nothing(state: str, tmp_path: Path) -> None:
    root = revise(council(tmp_path, HALVES), 1, {"事務費": 301}, day="R7.11.20")
    rules = (root / "rules/r7/10.txt").read_text(encoding="utf-8")
    save(root, "rules/r7/10.txt", rules.replace("状態: 案", f"状態: {state}"))
    run(root, R7, edition=Edition(1))
    told = form(root)
    assert [f"負担金変更見込額について（{state}）"] in told
    assert ["変更後の見込額", 651] in told
    assert not any("納期限" in map(str, row) for row in told)
    assert any("この文書は請求書ではありません。" in str(row[0]) for row in told if row)


def test_every_charge_after_a_revision_can_be_worked_out_again(tmp_path: Path) -> None:
    """From the JSON of `explain` alone, 予算額 and 補正 included."""
    root = revise(council(tmp_path, HALVES), 1, {"事務費": 301}, day="R7.11.20")
    outcome = run_edition(root, 1)
    for member in outcome.members:
        told = recompute.as_json(record(explain(outcome, member, outcome.results)))
        [charge] = told["projects"][0]["charges"]
        assert recompute.charge(charge) == charge["yen"] == outcome.total_of(member.code)
        assert (told["case"], charge["steps"][0]["value"]) == ("補正1", "1301")
        facts = recompute.facts(charge)
        assert facts == {place: recompute.in_cell(root, place) for place in facts}
