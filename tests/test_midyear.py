"""Joining, leaving and mergers within the year: who bears what is missing, and what the officer hears."""

from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.outcome.outcome import Outcome
from tests.small import run, write, yen

PEOPLE = "人口（人、令和2年10月1日現在）"
BODIES = {"あおば市": {PEOPLE: 60}, "みどり町": {PEOPLE: 30}, "こだま村": {PEOPLE: 10}}
RULE = (
    "名簿: 途中\n基礎数値: 人口（令和2年10月1日現在）\n途中参加: {}\n\n■経費 事務費\n負担割合: {}\n"
)


def council(
    root: Path, method: str, cell: str, split: str = "均等割", income: int | None = None
) -> Outcome:
    """みどり町 is there from or until a day, the others all year; 3,600円 are shared."""
    rosters = {"途中": {"あおば市": "○", "みどり町": cell, "こだま村": "○"}}
    rules = RULE.format(method, split)
    write(root, rules, {"事務費": 3_600}, BODIES, rosters=rosters, income=income)
    path = root / "rules/r7/10.txt"
    path.write_text(path.read_text("utf-8").replace("名簿: 全団体名簿\n", ""), encoding="utf-8")
    return run(root)


def told(outcome: Outcome, code: str = "W858") -> str:
    [problem] = outcome.problems
    assert (problem.code, problem.level.value) == (code, "お知らせ")
    return f"{problem.what}{problem.why}"


# 3,600円 in equal parts are 1,200円 each. With 6 of 12 months the town weighs 1/2:
# 3,600 ÷ 2.5 = 1,440 for the others, 720 for the town; carried over: 600 and 600 for nobody.
@pytest.mark.parametrize(
    ("method", "cell", "expected"),
    [
        ("月割（参加した月を含む）、減った分は他の団体で負担", "R7.10.1から", (1_440, 720, 1_440)),
        ("月割（参加した月を含む）、減った分は繰越", "R7.10.31から", (1_200, 600, 1_200)),
        # Until 15 September six months with that of the change, five without it: 1,200 × 5/12.
        ("月割（参加した月を含む）、減った分は繰越", "R7.9.15まで", (1_200, 600, 1_200)),
        ("月割（翌月から）、減った分は繰越", "R7.9.15まで", (1_200, 500, 1_200)),
        ("月割（翌月から）、減った分は繰越", "R7.9.15から", (1_200, 600, 1_200)),
        # 73 days of 365 are a fifth: 240, and 3,600 ÷ 2.2 = 1,636.36…
        ("日割、減った分は繰越", "R7.6.12まで", (1_200, 240, 1_200)),
        ("日割、減った分は他の団体で負担", "R7.6.12まで", (1_637, 327, 1_636)),
        ("全額", "R7.10.1から", (1_200, 1_200, 1_200)),
        ("翌年度から、減った分は他の団体で負担", "R7.10.1から", (1_800, 0, 1_800)),
        ("翌年度から、減った分は繰越", "R7.10.1から", (1_200, 0, 1_200)),
        ("翌年度から、減った分は繰越", "R7.10.1まで", (1_200, 1_200, 1_200)),
    ],
)
def test_the_part_of_the_year_and_where_the_rest_goes(
    method: str, cell: str, expected: tuple[int, int, int], tmp_path: Path
) -> None:
    outcome = council(tmp_path, method, cell, income=sum(expected))
    assert tuple(yen(outcome)["事務費"].values()) == expected
    assert sum(result.carried for result in outcome.results) == 3_600 - sum(expected)


def test_the_officer_hears_what_happened_to_the_others(tmp_path: Path) -> None:
    """3,600円 by 60 : 30 : 10 are 2,160, 1,080 and 360. With half of 30 of 85: 2,541.18, 635.29 and
    423.53, so the difference of 1円 goes to the village (0.53): 381 and 64 more.
    """
    method = "月割（参加した月を含む）、減った分は他の団体で負担"
    outcome = council(tmp_path, method, "R7.10.1から", "人口割")
    assert tuple(yen(outcome)["事務費"].values()) == (2_541, 635, 424)
    said = told(outcome)
    assert "みどり町（令和7年10月1日から、6か月分、445円の減）" in said
    assert "ほかの2団体の負担が計 445円 増えました（1団体あたり最大 381円）" in said
    assert outcome.problems[0].source.text.startswith("途中参加: 月割")


def test_the_officer_hears_that_nobody_bears_it(tmp_path: Path) -> None:
    method = "日割、減った分は繰越"
    said = told(council(tmp_path, method, "R7.6.12まで", income=2_640))
    assert "みどり町（令和7年6月12日まで、1/5年分、960円の減）" in said
    assert "960円は繰越です（どの団体も負担しません）。" in said
    assert "ほかの" not in said


def test_a_whole_year_needs_no_notice(tmp_path: Path) -> None:
    assert council(tmp_path / "a", "全額", "R7.10.1から").problems == ()
    assert council(tmp_path / "b", "日割、減った分は繰越", "○").problems == ()


def test_a_price_for_each_body_is_no_burden_for_the_others(tmp_path: Path) -> None:
    """1,200円 each; the half of one is simply not there."""
    method = "月割（参加した月を含む）、減った分は繰越"
    split = "参加団体に 1,200円ずつ\n検算: 合計 = 予算額（±600円）"
    outcome = council(tmp_path, method, "R7.10.1から", split)
    found = tuple(yen(outcome)["事務費"].values())
    assert (found[0], found[2]) == (1_200, 1_200)


def merged(
    root: Path, cells: tuple[str, str, str], split: str, first: str = "", everybody: str = "○"
) -> Outcome:
    """みどり町 ended on 30 September and was taken over by あおば市, which is there from `first`.

    `everybody` is the cell of みどり町 in 全団体名簿, which no 経費 goes by.
    """
    rosters = {"途中": dict(zip(BODIES, cells, strict=True))}
    method = "月割（参加した月を含む）、減った分は他の団体で負担"
    write(root, RULE.format(method, split), {"事務費": 3_600}, BODIES, rosters=rosters)
    path = root / "rules/r7/10.txt"
    path.write_text(path.read_text("utf-8").replace("名簿: 全団体名簿\n", ""), encoding="utf-8")
    members = root / "members/members.csv"
    text = members.read_text("utf-8")
    [city] = [line.split(",")[0] for line in text.splitlines() if ",あおば市," in line]
    old = "みどり町,よみ,町,,会員,,,"
    assert old in text
    text = text.replace(old, f"みどり町,よみ,町,,会員,,2025-09-30,{city}")
    text = text.replace("あおば市,よみ,市,,会員,,", f"あおば市,よみ,市,,会員,{first},")
    members.write_text(text, "utf-8")
    roster = root / "members/r7/roster.csv"
    listed = roster.read_text("utf-8").replace("みどり町,○", f"みどり町,{everybody}")
    roster.write_text(listed, "utf-8")
    return run(root)


def test_a_successor_bears_the_figures_of_all_that_it_took_over(tmp_path: Path) -> None:
    """60 + 30 of 100 people: 3,240 of 3,600, which are 2,160 + 1,080; the village as before."""
    outcome = merged(tmp_path, ("○", "○", "○"), "人口割")
    assert yen(outcome) == {"事務費": {"あおば市": 3_240, "こだま村": 360}}
    said = told(outcome, "W860")
    assert "みどり町（令和7年9月30日まで）はあおば市が引き継ぎました" in said
    assert "あおば市の負担は変わりません。ほかの団体の負担は変わりません。" in said


# Apart 1,200円 each; two bodies pay 1,800 each: 600 less than 2,400, and 600 more. Where no list
# names the former body any more, it was in those of its heir, as far as anybody knows.
@pytest.mark.parametrize("former", ["○", ""])
def test_the_officer_hears_what_a_merger_did_to_the_others(former: str, tmp_path: Path) -> None:
    outcome = merged(tmp_path, ("○", former, "○"), "均等割", everybody=former)
    assert yen(outcome) == {"事務費": {"あおば市": 1_800, "こだま村": 1_800}}
    said = told(outcome, "W860")
    assert "もとの団体の計と比べて、あおば市の負担は 600円 減りました" in said
    assert "ほかの1団体の負担が計 600円 増えました（1団体あたり最大 600円）" in said


def test_a_former_body_is_not_counted_in_a_list_that_it_was_never_in(tmp_path: Path) -> None:
    """It stands in another list: the city and the village shared this one before as well."""
    outcome = merged(tmp_path, ("○", "", "○"), "均等割")
    assert yen(outcome) == {"事務費": {"あおば市": 1_800, "こだま村": 1_800}}
    said = told(outcome, "W860")
    assert "あおば市の負担は変わりません。ほかの団体の負担は変わりません。" in said


def test_a_body_that_a_merger_made_is_not_there_without_it(tmp_path: Path) -> None:
    """Two bodies before, two after it."""
    outcome = merged(tmp_path, ("○", "", "○"), "均等割", first="2025-10-01")
    assert "ほかの団体の負担は変わりません" in told(outcome, "W860")


@pytest.mark.parametrize(
    ("city", "town", "dated"),
    [("○", "R7.9.30まで", "みどり町"), ("R7.9.30から", "R7.9.30まで", "あおば市、みどり町")],
)
def test_dates_of_one_merger_that_overlap_are_refused(
    city: str, town: str, dated: str, tmp_path: Path
) -> None:
    """They would say nothing; the mend of the message is sound."""
    with pytest.raises(InputError) as raised:
        merged(tmp_path / "a", (city, town, "○"), "均等割")
    [problem] = raised.value.problems
    assert (problem.code, problem.source.file) == ("W861", "members/r7/roster.csv")
    assert problem.fix.startswith(f"{dated}のます目を「○」にしてください")
    assert yen(merged(tmp_path / "b", ("○", "○", "○"), "均等割"))["事務費"]["あおば市"] == 1_800


def test_two_halves_of_a_merger_are_one_year(tmp_path: Path) -> None:
    """The successor from October, the former body until September: 1 + 1 in equal parts.

    Apart they are two halves: 1,800 for the village as well.
    """
    outcome = merged(tmp_path, ("R7.10.1から", "R7.9.30まで", "○"), "均等割")
    assert yen(outcome) == {"事務費": {"あおば市": 1_800, "こだま村": 1_800}}
    assert "ほかの団体の負担は変わりません" in told(outcome, "W860")
