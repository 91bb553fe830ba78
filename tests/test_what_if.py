"""`apportion what-if`: each case is what a run of its own would be, and no file is touched."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

import apportion
from apportion.cli.suppose_story import Supposed, answer
from apportion.core.problem import InputError
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.why import typed
from apportion.why.cases import YearAsItStands, stands, what_if
from apportion.why.drafts import BUDGET, FIGURES, ROSTER, RULES, DraftFile
from apportion.why.fairness import drift, gini, population, spread
from apportion.why.sweep import judged, limit, sweep
from tests import small
from tests.sealing import contents
from tests.workspace import SHIPPED, copy, edit

R7 = FiscalYear(2025)
LINE = "施設予約事業/運用支援業務等"
RULE = "rules/r7/20_shisetsu_yoyaku.txt"


@pytest.fixture(name="r7", scope="module")
def fixture_r7() -> YearAsItStands:
    return stands(SHIPPED, R7)


def yen(outcome: Outcome) -> dict[tuple[str, str, str], int]:
    return {(c.member.code, c.line.project, c.line.name): c.yen for c in outcome.charges if c.yen}


def run_of_its_own(tmp_path: Path, *edits: tuple[str, str, str]) -> Outcome:
    """The year computed from changed copies of its files."""
    root = copy(tmp_path / "own")
    for name, old, new in edits:
        edit(root / name, old, new)
    return compute(root, R7)


def settings(year: YearAsItStands, *texts: str) -> list[DraftFile]:
    tables = year.outcome.tables
    return list(typed.of_settings([typed.setting(tables, text) for text in texts]))


def case(year: YearAsItStands, drafts: Sequence[DraftFile]) -> Outcome:
    return what_if(year, {"案": drafts}).cases["案"]


NO_CHECK = (RULE, "検算: 春日井市 = 2,958,567円", "")
SPLIT = (RULE, "負担割合: 均等割 30% + 人口割 70%", "負担割合: 均等割 40% + 人口割 60%")
CAP = "上限: 前年度の115%、超えた分は残りの団体で割り直す"


def test_a_typed_rule_is_a_run_of_its_own(r7: YearAsItStands, tmp_path: Path) -> None:
    found = case(r7, settings(r7, f"{LINE}: 負担割合 = 均等割 40% + 人口割 60%"))
    assert yen(found) == yen(run_of_its_own(tmp_path, SPLIT, NO_CHECK))
    assert yen(found) != yen(r7.outcome)


def test_a_rule_can_be_taken_away(r7: YearAsItStands, tmp_path: Path) -> None:
    found = case(r7, settings(r7, f"{LINE}: 上限 = なし"))
    assert yen(found) == yen(run_of_its_own(tmp_path, (RULE, CAP, ""), NO_CHECK))


def test_a_file_holds_only_what_differs(r7: YearAsItStands, tmp_path: Path) -> None:
    """One of five 経費 of ほかの経費すべて gets a rule of its own, with a table of 共通 beside it."""
    text = "事業: 電子調達（CALS/EC）事業\n\n■経費 事務費\n負担割合: 県に 50%\n負担割合: 市町村に 残りを 人口区分割\n"
    found = case(r7, [DraftFile(RULES, "案1.txt", text.encode())])
    rule = "rules/r7/30_chotatsu_cals.txt"
    own = run_of_its_own(
        tmp_path,
        (rule, "検算: 合計 = 18,137千円", ""),
        (rule, "検算: 愛知県 = 362,740円", ""),
        (
            rule,
            "■段階表 人口区分割",
            f"{text.partition('■')[2].join(('■', ''))}\n■段階表 人口区分割",
        ),
    )
    assert yen(found) == yen(own)


def test_a_budget_is_a_run_of_its_own(r7: YearAsItStands, tmp_path: Path) -> None:
    tables = r7.outcome.tables
    row = "システム事業,施設予約事業,事業費／システム運営費,運用支援業務等,"
    own = run_of_its_own(
        tmp_path,
        ("rules/r7/budget.csv", f"{row}44710,", f"{row}50000,"),
        (
            "rules/r7/income.csv",
            "施設予約事業,負担金収入,56152000,",
            "施設予約事業,負担金収入,61442000,",
        ),
        (RULE, "検算: 合計 = 44,710千円", ""),
        NO_CHECK,
    )
    csv = "事業,経費,予算額（千円）\n施設予約事業,運用支援業務等,50000\n".encode()
    for drafts in (
        [typed.budget(tables, f"{LINE} = 50,000千円")],
        [DraftFile(BUDGET, "案.csv", csv)],
    ):
        assert yen(case(r7, drafts)) == yen(own)
    more = case(r7, [typed.budget(tables, f"{LINE} = +5%")])
    assert sum(c.yen for c in more.charges if c.line.name == "運用支援業務等") == 46_945_500


def test_a_body_that_leaves_and_one_that_joins(r7: YearAsItStands, tmp_path: Path) -> None:
    """豊橋市 leaves 物品等 and 一宮市 takes its place."""
    tables = r7.outcome.tables
    drafts = [
        typed.roster(tables, "電子調達物品: 半田市 = 抜ける"),
        typed.roster(tables, "電子調達物品: 設楽町 = R7.10.1から"),
    ]
    found = case(r7, drafts)
    root = copy(tmp_path / "own")
    path = root / "members/r7/roster.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    place = lines[0].split(",").index("電子調達物品")
    for number, line in enumerate(lines):
        cells = line.split(",")
        for name, cell in (("半田市", ""), ("設楽町", "R7.10.1から")):
            if cells[1] == name:
                lines[number] = ",".join([*cells[:place], cell, *cells[place + 1 :]])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    rule = root / "rules/r7/40_chotatsu_buppin.txt"
    kept = [x for x in rule.read_text(encoding="utf-8-sig").splitlines() if "検算" not in x]
    rule.write_text("\n".join(kept), encoding="utf-8-sig")
    assert yen(found) == yen(compute(root, R7))
    file = "団体コード,団体名,電子調達物品\n232050,半田市,\n235610,設楽町,R7.10.1から\n"
    assert yen(case(r7, [DraftFile(ROSTER, "案.csv", file.encode())])) == yen(found)


def test_leaving_takes_a_body_from_every_list(r7: YearAsItStands) -> None:
    found = case(r7, [typed.leaving(r7.outcome.tables, "豊根村")])
    assert not [charge for charge in found.charges if charge.member.name == "豊根村"]
    assert found.total == r7.outcome.total
    joined = case(r7, [typed.joining(r7.outcome.tables, "設楽町: 電子調達CALS、電子調達物品")])
    lines = {c.line.project for c in joined.by_member["235610"] if c.yen}
    assert {"電子調達（CALS/EC）事業", "電子調達（物品等）事業"} <= lines


def test_a_figure_is_a_run_of_its_own(r7: YearAsItStands, tmp_path: Path) -> None:
    found = case(r7, [typed.figure(r7.outcome.tables, "国勢調査人口: 豊橋市 = 400,000")])
    root = copy(tmp_path / "own")
    edit(root / "members/r7/figures.csv", "豊橋市,371920,", "豊橋市,400000,")
    for path in (root / "rules/r7").glob("*.txt"):
        kept = [x for x in path.read_text(encoding="utf-8-sig").splitlines() if "検算" not in x]
        path.write_text("\n".join(kept), encoding="utf-8-sig")
    assert yen(found) == yen(compute(root, R7))
    csv = "団体コード,団体名,国勢調査人口（千人、令和2年10月1日現在）\n232017,豊橋市,400\n"
    with pytest.raises(InputError, match="単位が、年度の表と違います"):
        case(r7, [DraftFile(FIGURES, "案.csv", csv.encode())])


def test_a_supplementary_budget_can_be_supposed_upon(tmp_path: Path) -> None:
    people = {"あおば市": {"人口（人）": 1}, "みどり町": {"人口（人）": 3}}
    rules = "■経費 運用\n負担割合: 人口割\n"
    root = small.revise(small.write(tmp_path, rules, {"運用": 4_000}, people), 1, {"運用": 400})
    year = stands(root, R7, Edition(1))
    found = case(year, settings(year, "共同事業/運用: 負担割合 = 均等割"))
    assert [charge.yen for charge in found.charges] == [2_200, 2_200]


def test_no_file_is_touched(tmp_path: Path) -> None:
    root = copy(tmp_path / "whole")
    draft = tmp_path / "案1.txt"
    draft.write_text(
        f"事業: 施設予約事業\n■経費 運用支援業務等\n{CAP.replace('115', '110')}\n", encoding="utf-8"
    )
    before = contents(root)
    text = answer(root, R7, None, Supposed(files=(draft,), leaving=("豊根村",)))
    assert "◆案1.txt" in text
    answer(root, R7, None, Supposed(sweep="均等割 0%..20% step 10%", limit="前年度の115%"))
    assert contents(root) == before


def test_several_cases_stand_beside_each_other(tmp_path: Path) -> None:
    files = []
    for number, part in enumerate((40, 50), start=1):
        files.append(tmp_path / f"案{number}.txt")
        rule = f"負担割合: 均等割 {part}% + 人口割 {100 - part}%"
        files[-1].write_text(
            f"事業: 施設予約事業\n■経費 運用支援業務等\n{rule}\n", encoding="utf-8"
        )
    text = answer(SHIPPED, R7, None, Supposed(files=tuple(files), project="施設予約"))
    assert "令和7年度　もしも（2案）　施設予約事業の負担金" in text
    assert "増える団体 25、最も増えるのは阿久比町 +74,159円（+8.5%）" in text
    assert "◆案2.txt" in text
    rows = [line.split() for line in text.splitlines() if line.strip().startswith("案")]
    assert [own[0] for own in rows] == ["案1.txt", "案2.txt", "案1.txt", "案2.txt"]


def test_alone_or_together() -> None:
    """春日井市 pays 3,244,617円 for 施設予約 as things stand."""
    supposed = Supposed(alones=("施設予約/春日井市 = 3,000千円",))
    text = "".join(line.strip() for line in answer(SHIPPED, R7, None, supposed).splitlines())
    assert "現行では3,244,617円です。単独のほうが244,617円安くなります。" in text


# --- sweep and search -----------------------------------------------------------------------------


def test_each_position_is_a_run_of_its_own(r7: YearAsItStands) -> None:
    found = sweep(r7, f"{LINE}: 負担割合 = 均等割 0%..100% step 5% + 人口割 残り")
    assert [position.text for position in found.positions] == [f"{n}%" for n in range(0, 101, 5)]
    for part, position in zip(range(0, 101, 5), found.positions, strict=True):
        rule = f"{LINE}: 負担割合 = 均等割 {part}% + 人口割 {100 - part}%"
        assert yen(position.outcome) == yen(case(r7, settings(r7, rule)))
    short = sweep(r7, f"{LINE}: 均等割 0%..100% step 5%")
    assert [yen(p.outcome) for p in short.positions] == [yen(p.outcome) for p in found.positions]


def test_a_driver_moves_in_every_line_that_divides_by_it(r7: YearAsItStands) -> None:
    found = sweep(r7, "均等割 20%..30% step 10%")
    assert len(found.lines) == 7
    assert all(position.outcome.total == r7.outcome.total for position in found.positions)
    # At 30 % 施設予約 stands as it is, 電子申請 (20 %) does not.
    lines = {c.line.name for c in found.positions[1].outcome.charges}
    changed = {
        c.line.name
        for c, d in zip(found.positions[1].outcome.charges, r7.outcome.charges, strict=True)
        if c.yen != d.yen
    }
    assert changed == {
        "システム運用保守",
        "内部監査、規程改正支援",
        "情報セキュリティ対策",
        "協議会Web運営",
    }
    assert changed < lines


def test_three_drivers_keep_what_they_are_to_one_another(tmp_path: Path) -> None:
    people = {
        n: {"人口（人）": p, "件数（件）": c}
        for n, p, c in (("あおば市", 1, 1), ("みどり町", 3, 1))
    }
    rules = "■経費 運用\n負担割合: 均等割 50% + 人口割 30% + 件数割 20%\n"
    year = stands(small.write(tmp_path, rules, {"運用": 1_000}, people), R7)
    found = sweep(year, "均等割 0%..100% step 50%")
    # 60 % by 人口 and 40 % by 件数: 0.6/4 + 0.4/2 = 35 %; then 42.5 % and 50 %.
    assert [p.outcome.charges[0].yen for p in found.positions] == [350, 425, 500]


def test_the_smallest_change_holds_and_the_step_before_does_not(r7: YearAsItStands) -> None:
    """Without its cap 春日井市 rises most; by hand its part is p = 308,681 of the 40 towns' people."""
    before = settings(r7, f"{LINE}: 上限 = なし")
    text = f"{LINE}: 負担割合 = 均等割 30%..50% step 1% + 人口割 残り"
    found = judged(sweep(r7, text, before), limit("前年度の110%"), "施設予約事業")
    assert found.nearest is not None
    assert found.positions[found.nearest].text == "38%"
    assert found.positions[found.beside].text == "37%"
    assert not found.positions[found.nearest].over
    assert [member.name for member, _ in found.positions[found.beside].over] == ["春日井市"]
    tables = r7.outcome.tables
    column = tables.figures[0].values
    inside = tables.roster_by_name["施設予約"].entries
    part = Fraction(column["232068"], sum(column[code] for code in inside))
    last_year, others = 2_858_717, 286_050  # of the 事業; its two other 経費 do not change
    for share, holds in ((38, True), (37, False)):
        exact = 44_710_000 * (Fraction(share, 4000) + part * (100 - share) / 100)
        assert (round(exact) + others <= last_year * Fraction(11, 10)) is holds


def test_nothing_needs_to_change_where_things_hold(r7: YearAsItStands) -> None:
    found = judged(sweep(r7, f"{LINE} = 44,000千円..45,000千円 step 500千円"), limit("現行の100%"))
    assert (found.nearest, found.beside) == (-1, -1)
    never = judged(
        sweep(r7, f"{LINE} = 44,000千円..45,000千円 step 500千円"), limit("前年度の100%")
    )
    assert never.nearest is None


# --- how even, and how rounding drifts ------------------------------------------------------------


def test_fairness_by_hand(tmp_path: Path) -> None:
    """1,000円 equally over 100 and 300 people: 5円 and 1.67円 a head, three times as much.

    Gini: ordered by burden per head みどり町 (3/4 of the people, 1/2 of the money), あおば市:
    1 - (3/4 × 1/2 + 1/4 × 3/2) = 1/4.
    """
    people = {"あおば市": {"人口（人）": 100}, "みどり町": {"人口（人）": 300}}
    year = stands(
        small.write(tmp_path, "■経費 運用\n負担割合: 均等割\n", {"運用": 1_000}, people), R7
    )
    column = population(year.outcome)
    assert column is not None
    found = spread(year.outcome, column)
    assert found is not None
    assert (found.low, found.high, found.ratio) == (Fraction(5, 3), Fraction(5), Fraction(3))
    assert (found.lowest.name, found.mean, found.gini) == (
        "みどり町",
        Fraction(5, 2),
        Fraction(1, 4),
    )
    assert gini([Fraction(1), Fraction(3)], [1, 3]) == 0


def test_by_rotation_nobody_drifts_a_unit(tmp_path: Path) -> None:
    """100円 over 7 bodies for 20 years, the turn handed on: less than 1円 from the exact amounts."""
    names = [f"{sign}市" for sign in "あいうえおかき"]
    people = {name: {"人口（人）": 1} for name in names}
    rules = "■経費 運用\n負担割合: 均等割\n端数: 円未満切捨て、差額は{rest}\n"
    for rest, drifts in (("年度ごとに輪番", False), ("端数の大きい順", True)):
        root = small.write(tmp_path / rest, rules.format(rest=rest), {"運用": 100}, people)
        outcomes = []
        turn = 0
        for _ in range(20):
            small.save(
                root,
                "members/r7/rotation.csv",
                f"事業,経費,次の番（団体コード）\n共同事業,運用,{small.code(turn + 1)}\n",
            )
            outcomes.append(small.run(root))
            turn = (turn + 100 % 7) % 7
        most = max(abs(own.whole) for own in drift(outcomes))
        assert (most >= 1) is drifts


# --- what cannot be understood --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("supposed", "code", "words"),
    [
        (Supposed(sets=("運用支援業務等 = 1",)), "W905", "「事業/経費: 項目 = 内容」"),
        (Supposed(sets=("どこか/何か: 上限 = なし",)), "W905", "「どこか/何か」に当たる事業と経費"),
        (Supposed(budgets=(f"{LINE} = 50000",)), "W905", "単位"),
        (Supposed(rosters=("どこか: 豊橋市 = ○",)), "W905", "名簿: 電子申請、施設予約"),
        (Supposed(figures=("人口: 豊橋市 = 1",)), "W905", "数値の列"),
        (Supposed(joining=("一宮市: どこか",)), "W905", "「団体: 名簿、名簿」"),
        (Supposed(alones=("一宮市 = 3000",)), "W905", "単位"),
        (Supposed(leaving=("豊橋",)), "W902", "豊橋市"),
        (Supposed(sweep="均等割 0から100"), "W906", "はじめ..おわり step 幅"),
        (Supposed(sweep="均等割 0%..100% step 0.01%"), "W906", "位置が多すぎます"),
        (Supposed(sweep="件数割 0%..100% step 5%"), "W906", "動かせる経費がありません"),
        (Supposed(sweep="均等割 0%..9% step 5%", limit="115%"), "W906", "--limit の「115%」"),
        (Supposed(sets=(f"{LINE}: 負担割合 = 均等割 40%",)), "W209", ""),
        (Supposed(sets=(f"{LINE}: 負担割合 = 人ロ割",)), "W207", "人口割"),
        (Supposed(sets=(f"{LINE}: 年度 = r6",)), "W205", ""),
        (Supposed(sets=("施設予約: 年度 = r6",)), "W421", ""),
    ],
)
def test_what_is_not_understood_is_told(supposed: Supposed, code: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        answer(SHIPPED, R7, None, supposed)
    assert code in {problem.code for problem in caught.value.problems}
    assert words in "\n".join(map(str, caught.value.problems))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("■経費 運用支援業務等\n上限: なし\n", "W212"),
        ("事業: どこか事業\n■経費 事務費\n負担割合: 均等割\n", "W402"),
        ("事業: 施設予約事業\n■経費 どこにもない経費\n負担割合: 均等割\n", "W404"),
        ("事業: 施設予約事業\n年度: 令和6年度\n", "W421"),
        ("事業: 施設予約事業\n■段階表 新割\n1万人未満: 1\n", "W212"),
        ("事業: 施設予約事業\n■経費 事務費\n負担割合: 均等割【要確認】\n", "W830"),
    ],
)
def test_a_draft_that_is_wrong_is_told(r7: YearAsItStands, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        case(r7, [DraftFile(RULES, "案1.txt", text.encode())])
    assert code in {problem.code for problem in caught.value.problems}
    assert "W421" not in {p.code for p in caught.value.problems} or code == "W421"


def test_as_a_library_it_gives_data(tmp_path: Path) -> None:
    people = {"あおば市": {"人口（人）": 1}, "みどり町": {"人口（人）": 3}}
    root = small.write(tmp_path, "■経費 運用\n負担割合: 人口割\n", {"運用": 1_000}, people)
    year = apportion.stands(root, R7)
    text = "事業: 共同事業\n■経費 運用\n負担割合: 均等割\n"
    draft = apportion.DraftFile("規則", "案.txt", text.encode())
    found = apportion.what_if(year, {"等しく": [draft]})
    assert [(row.member.name, row.before, row.yen) for row in found.rows("等しく")] == [
        ("あおば市", 250, 500),
        ("みどり町", 750, 500),
    ]
    changes = apportion.diff(found.base, found.cases["等しく"]).changes
    assert [[cause.yen for cause in change.causes] for change in changes] == [[250], [-250]]
    positions = apportion.sweep(year, "共同事業/運用 = 1千円..2千円 step 1千円").positions
    assert [position.outcome.total for position in positions] == [1_000, 2_000]
