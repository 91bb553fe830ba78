"""`new-year` makes the next year's files; what a person must decide is what `check` then lists."""

import re
import shutil
from pathlib import Path

import pytest

from apportion.core.problem import InputError, Level, Problem
from apportion.core.text import UNDECIDED, unmarked
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute, examine
from apportion.outcome.workspace import load
from apportion.outputs.data import rotation_csv
from apportion.years.begin.new_year import new_year
from apportion.years.begin.starter import COUNCIL, init
from apportion.years.begin.texts import YearStep, moved, next_rules
from tests import sealing, small, workspace
from tests.program import apportion

R3, R4, R7, R8 = map(FiscalYear, (2021, 2022, 2025, 2026))
COUNCILS = sorted((Path(__file__).parent / "ordinances").glob("r*"))


def errors(root: Path, year: FiscalYear) -> list[Problem]:
    return [p for p in examine(load(root, year)).problems if p.level is Level.ERROR]


def decided(root: Path, year: FiscalYear) -> None:
    """Take every mark out of the rules, and put last year's budget in place."""
    for path in (root / "rules" / year.code).glob("*.txt"):
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
        path.write_bytes("\n".join(map(unmarked, lines)).encode("utf-8-sig"))
    for name in ("budget.csv", "income.csv"):
        shutil.copyfile(root / "rules/r7" / name, root / "rules" / year.code / name)


def test_the_list_is_what_check_says(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    said = apportion("new-year", "r8", "--dir", str(root)).stdout
    listed = re.findall(r"^ +\d+\. (.+)$", said, re.MULTILINE)
    told = [p.source.place() for p in errors(root, R8)]
    assert listed == told
    assert [place.split("  ")[0] for place in told] == [
        "rules/r8/budget.csv",
        "rules/r8/income.csv",
        "rules/r8/00_common.txt",
        "rules/r8/20_shisetsu_yoyaku.txt",
        "rules/r8/40_chotatsu_buppin.txt",
    ]
    assert f"決めること（{len(told)} 件）" in said
    checked = apportion("check", "--year", "r8", "--dir", str(root))
    assert checked.code == 1
    assert checked.stderr.count("エラー W") == len(told)


def test_decided_and_with_a_budget_it_computes(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    new_year(root, R7, R8)
    decided(root, R8)
    outcome = compute(root, R8)
    assert outcome.total == sum(line.amount or 0 for line in outcome.tables.charged)
    assert outcome.year == R8
    assert [p for p in outcome.problems if p.level is Level.ERROR] == []


def test_last_years_charges_are_handed_on(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    new_year(root, R7, R8)
    decided(root, R8)
    before, after = compute(root, R7), compute(root, R8)
    assert after.tables.previous is not None
    charges = {(c.member.code, c.line.project, c.line.name): c.yen for c in before.charges}
    previous = {key: past.yen for key, past in after.tables.previous.items()}
    assert sum(previous.values()) == before.total
    assert len(previous) == len(charges)


def test_rules_keep_all_but_the_year(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    new_year(root, R7, R8)
    old = (root / "rules/r7/00_common.txt").read_bytes().decode()
    new = (root / "rules/r8/00_common.txt").read_bytes().decode()
    changed = [b for a, b in zip(old.splitlines(), new.splitlines(), strict=True) if a != b]
    assert changed == [
        "年度: 令和8年度",
        f"納期: 第1期 令和8年7月31日 50%、第2期 令和9年1月30日 残り {UNDECIDED}",
        "件名: 令和8年度 あいち電子自治体推進協議会 負担金",
        "本文: 令和8年度の協議会の事業に要する負担金を、次のとおり請求します。納期限までに納入してください。",
    ]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    small.save(root, "members/r8/roster.csv", "手で書いたもの\n")
    before = sorted(path for path in root.rglob("*"))
    with pytest.raises(InputError) as refused:
        new_year(root, R7, R8)
    (problem,) = refused.value.problems
    assert problem.code == "W831"
    assert problem.source.file == "members/r8/roster.csv"
    assert sorted(path for path in root.rglob("*")) == before
    assert (root / "members/r8/roster.csv").read_text("utf-8") == "手で書いたもの\n"


def test_a_year_without_rules_is_not_copied(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    with pytest.raises(InputError) as refused:
        new_year(root, FiscalYear(2023), R8)
    (problem,) = refused.value.problems
    assert problem.code == "W832"
    assert problem.fix.endswith("apportion new-year r8 --from r7")
    assert not (root / "rules/r8").exists()


def test_nothing_is_left_where_the_second_folder_cannot_be_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workspace.copy(tmp_path)
    before = sorted(root.rglob("*"))
    real = Path.rename

    def broken(self: Path, target: Path) -> Path:
        if "members" in Path(target).parts and self.name == "r8":
            raise PermissionError(13, "denied")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    done = apportion_in_process(root)
    assert done == 3
    assert sorted(root.rglob("*")) == before


def apportion_in_process(root: Path) -> int:
    from apportion.cli import app, guarded  # noqa: PLC0415  the patched Path must be seen

    return guarded(lambda: app(["new-year", "r8", "--dir", str(root)], standalone_mode=False))


def test_the_sample_council_lists_its_to_dos(tmp_path: Path) -> None:
    init(tmp_path / "council", COUNCIL)
    made = new_year(tmp_path / "council", R7, R8)
    assert [str(p) for p in made.todo] == [str(p) for p in errors(tmp_path / "council", R8)]
    assert {p.code for p in made.todo} == {"W102", "W830"}
    assert "名簿 模擬町 施設予約: R7.10.1から → ○" in made.told
    assert "名簿 手本村 施設予約: R7.9.30まで → 空欄" in made.told


@pytest.mark.parametrize("council", COUNCILS, ids=lambda path: path.name)
def test_every_council_gets_a_next_year(council: Path, tmp_path: Path) -> None:
    root = shutil.copytree(council, tmp_path / "council")
    made = new_year(root, R7, R8)
    assert {p.code for p in made.todo} == {"W102", "W830"} - (
        {"W830"} if len(made.todo) == 2 else set()
    )
    assert sum(p.code == "W102" for p in made.todo) == 2


def test_an_older_year(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    for folder in ("rules/r4", "members/r4"):
        shutil.rmtree(root / folder)
    made = new_year(root, R3, R4)
    assert {p.code for p in made.todo} == {"W102", "W830"}
    assert "年度: 令和4年度" in (root / "rules/r4/00_common.txt").read_text("utf-8-sig")


RULES = "■経費 利用料\n負担割合: 人口割\n途中参加: 月割、減った分は他の団体で負担\n"
PEOPLE = {"甲市": 30_000, "乙町": 10_000, "丙村": 5_000, "丁村": 4_000}


def joined(root: Path) -> Path:
    """甲市 stays, 乙町 joined, 丙村 left, 丁村 was merged into 甲市 within the year."""
    figures = {name: {"人口（人、令和2年10月1日現在）": count} for name, count in PEOPLE.items()}
    other = {"乙町": "R7.10.1から", "丙村": "R7.9.30まで"}
    small.write(root, RULES, {"利用料": 1_000_000}, figures, rosters={"別": other})
    register = root / "members/members.csv"
    heir = small.code(1)
    text = register.read_text("utf-8")
    register.write_text(
        text.replace("丁村,よみ,村,,会員,,,", f"丁村,よみ,村,,会員,,2025-12-31,{heir}"), "utf-8"
    )
    roster = root / "members/r7/roster.csv"
    text = roster.read_text("utf-8").replace("団体名簿,別", "団体名簿,別,備考")
    text = text.replace("○,R7.9.30まで", ",R7.9.30まで,抜けた").replace("丁村,○,", "丁村,○,○,")
    text = text.replace("乙町,○,R7.10.1から", "乙町,○,R7.10.1から,令和8年度から代表")
    roster.write_text(text.replace("甲市,○,", "甲市,○,,"), "utf-8")
    return root


def test_who_joined_stays_who_left_goes_and_an_heir_takes_over(tmp_path: Path) -> None:
    made = new_year(joined(tmp_path), R7, R8)
    lines = (tmp_path / "members/r8/roster.csv").read_text("utf-8").splitlines()
    assert lines == [
        "団体コード,団体名,全団体名簿,別,備考",
        f"{small.code(1)},甲市,○,○ {UNDECIDED},",
        f"{small.code(2)},乙町,○,○,令和8年度から代表 {UNDECIDED}",
    ]
    assert [p.source.cell for p in made.todo if p.source.cell] == ["D2", "E3"]


def test_the_adjustment_and_the_reserve_of_the_settlement_are_handed_on(tmp_path: Path) -> None:
    root = joined(tmp_path)
    data = "outputs/r7-精算/data/"
    adjusted = f"団体コード,団体名,前年度精算額（円）\n{small.code(2)},乙町,-500\n"
    small.save(root, data + "adjustment.csv", adjusted)
    small.save(root, data + "reserve.csv", "事業,前年度末残高（円）\n共同事業,700\n")
    made = new_year(root, R7, R8)
    lines = (root / "members/r8/figures.csv").read_text("utf-8").splitlines()
    assert lines[0].endswith(f",前年度精算額（円、令和7年度決算） {UNDECIDED}")
    assert lines[1:3] == [f"{small.code(1)},甲市,30000,0", f"{small.code(2)},乙町,10000,-500"]
    assert (root / "members/r8/reserve.csv").read_text("utf-8").endswith("共同事業,700\n")
    assert [p.source.cell for p in made.todo if "figures" in p.source.file] == ["D1"]


ADJUSTED = "前年度精算額 共同事業"


def reserves(root: Path) -> Path:
    """The budget lays by 300 and draws 500 of a former balance of 700."""
    small.save(root, "members/r7/reserve.csv", "事業,前年度末残高（円）\n共同事業,700\n")
    budget = root / "rules/r7/budget.csv"
    lines = budget.read_text("utf-8").splitlines()
    lines = [f"{lines[0]},取崩（円）", f"{lines[1]},500", "積立金等,共同事業,,積立金,300,"]
    budget.write_text("\n".join([*lines, ""]), "utf-8")
    rows = ["区分,共同事業,負担金収入,999500", "区分,共同事業,事業調整積立金取崩収入,500"]
    rows += ["区分,共同事業,利子,300"]
    small.save(root, "rules/r7/income.csv", "\n".join(["区分,事業,科目,予算額（円）", *rows, ""]))
    rules = root / "rules/r7/10.txt"
    rules.write_text(f"{rules.read_text('utf-8')}差し引く: 取崩\n", "utf-8")
    return root


def test_before_the_settlement_the_reserve_is_what_the_budget_foresees(tmp_path: Path) -> None:
    root = reserves(joined(tmp_path))
    made = new_year(root, R7, R8)
    head, row = (root / "members/r8/reserve.csv").read_text("utf-8-sig").splitlines()
    assert head == "事業,前年度末残高（円）,備考"
    remark = f"令和7年度の予算による見込み。精算のあとで置き換える {UNDECIDED}"
    assert row == f"共同事業,500,{remark}"
    (marked,) = [p for p in made.todo if "reserve" in p.source.file]
    assert marked.code == "W830"
    assert "精算のあとで置き換える" in marked.what
    (later,) = made.later
    assert "members/r8/reserve.csv を outputs/r7-精算/data/reserve.csv に置き換え" in later


def test_a_reserve_that_nobody_wrote_down_is_asked_for_after_the_settlement(tmp_path: Path) -> None:
    root = reserves(joined(tmp_path))
    (root / "members/r7/reserve.csv").unlink()
    said = apportion("new-year", "r8", "--dir", str(root)).stdout
    assert not (root / "members/r8/reserve.csv").exists()
    head, line = said.splitlines()[-3:-1]
    assert head == "令和7年度の精算（apportion settle --year r7）のあとですること:"
    assert "outputs/r7-精算/data/reserve.csv を members/r8/reserve.csv に写します" in line


def test_before_the_settlement_the_line_of_the_adjustment_is_named(tmp_path: Path) -> None:
    root = joined(tmp_path)
    rules = root / "rules/r7/10.txt"
    text = f"{rules.read_text('utf-8')}■精算\n差額: 翌年度で調整\n基礎数値: 賦課時\n根拠: 規約\n"
    rules.write_text(text, "utf-8")
    (later,) = new_year(root, R7, R8).later
    assert "outputs/r7-精算/data/adjustment.csv" in later
    assert later.endswith("次の行を足します: 団体別加減: 前年度精算額を足す")


def test_the_to_do_of_a_new_adjustment_names_its_line(tmp_path: Path) -> None:
    root = joined(tmp_path)
    adjusted = f"団体コード,団体名,{ADJUSTED}（円）\n{small.code(2)},乙町,-500\n"
    small.save(root, "outputs/r7-精算/data/adjustment.csv", adjusted)
    said = apportion("new-year", "r8", "--dir", str(root)).stdout
    _, _, entry = said.partition("members/r8/figures.csv  D1")
    line = "その事業の■経費の一つに、次の行がなければ足してください: "
    assert f"{line}団体別加減: {ADJUSTED}を足す" in entry.splitlines()[3]


def test_nothing_is_left_for_later_once_it_is_settled(tmp_path: Path) -> None:
    root = reserves(joined(tmp_path))
    small.save(root, "outputs/r7-精算/data/reserve.csv", "事業,前年度末残高（円）\n共同事業,9\n")
    assert new_year(root, R7, R8).later == ()
    assert "共同事業,9\n" in (root / "members/r8/reserve.csv").read_text("utf-8")


def test_published_names_are_carried_over(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    made = new_year(root, R7, R8)
    assert "rules/r8/names.csv" in made.files
    old, new = (root / "rules" / year / "names.csv" for year in ("r7", "r8"))
    assert old.read_bytes() == new.read_bytes()


@pytest.mark.parametrize("name", ["前年度精算額", ADJUSTED])
def test_an_adjustment_that_no_rule_takes_is_told_with_its_line(name: str, tmp_path: Path) -> None:
    root = joined(tmp_path)
    former(root, f"{name}（円、令和6年度決算）")
    (told,) = [p for p in examine(load(root, R7)).problems if p.code == "W833"]
    assert told.level is Level.WARNING
    line = told.fix.partition("足してください: ")[2]
    assert line == f"団体別加減: {name}を足す"
    assert told.fix.startswith("rules/r7/10.txt の") is (name == ADJUSTED)
    rules = root / "rules/r7/10.txt"
    rules.write_text(f"{rules.read_text('utf-8')}{line}\n", "utf-8")
    # 甲市 1, 乙町 2 and 丁村 4; 丙村 is in no roster of the rule.
    income = root / "rules/r7/income.csv"
    income.write_text(income.read_text("utf-8").replace("1000000", "1000007"), "utf-8")
    budget = root / "rules/r7/budget.csv"
    budget.write_text(f"{budget.read_text('utf-8')}積立金等,共同事業,,積立金,7\n", "utf-8")
    assert [p.code for p in examine(load(root, R7)).problems if p.level is Level.ERROR] == []
    assert "W833" not in {p.code for p in examine(load(root, R7)).problems}


def test_an_adjustment_of_nothing_is_not_told(tmp_path: Path) -> None:
    root = joined(tmp_path)
    former(root, "前年度精算額（円、令和6年度決算）")
    figures = root / "members/r7/figures.csv"
    text = re.sub(r",[1-4]$", ",0", figures.read_text("utf-8"), flags=re.MULTILINE)
    figures.write_text(text, "utf-8")
    assert "W833" not in {p.code for p in examine(load(root, R7)).problems}


def test_the_next_adjustment_takes_the_place_of_the_last(tmp_path: Path) -> None:
    root = joined(tmp_path)
    former(root, "前年度精算額 共同事業（千円、令和6年度決算）")
    adjusted = f"団体コード,団体名,前年度精算額 共同事業（円）\n{small.code(2)},乙町,-500\n"
    small.save(root, "outputs/r7-精算/data/adjustment.csv", adjusted)
    made = new_year(root, R7, R8)
    lines = (root / "members/r8/figures.csv").read_text("utf-8").splitlines()
    assert [line.rpartition(",")[2] for line in lines] == [
        *("前年度精算額 共同事業（円、令和7年度決算）", "0", "-500", "0", "0")
    ]
    assert [p for p in made.todo if "figures" in p.source.file] == []


def former(root: Path, heading: str) -> None:
    """Figures with what the year before left."""
    figures = root / "members/r7/figures.csv"
    pairs = zip(figures.read_text("utf-8").splitlines(), (heading, *"1234"), strict=True)
    figures.write_text("".join(f"{line},{amount}\n" for line, amount in pairs), "utf-8")


def test_an_adjustment_of_the_year_before_is_not_used_twice(tmp_path: Path) -> None:
    root = joined(tmp_path)
    former(root, "前年度精算額（円、令和6年度決算）")
    made = new_year(root, R7, R8)
    assert [p.source.cell for p in made.todo if "figures" in p.source.file] == ["D1"]


def test_the_encoding_of_a_file_stays(tmp_path: Path) -> None:
    root = joined(tmp_path)
    path = root / "rules/r7/10.txt"
    path.write_bytes(path.read_text("utf-8").replace("\n", "\r\n").encode("cp932"))
    new_year(root, R7, R8)
    text = (root / "rules/r8/10.txt").read_bytes().decode("cp932")
    assert "年度: 令和8年度\r\n" in text


def test_what_was_sealed_is_handed_on_and_not_what_a_computation_gives_now(tmp_path: Path) -> None:
    root = sealing.decided(tmp_path / "council")
    sealing.issued(root)
    sealing.people(root, 5, 5, 5)
    made = new_year(root, R7, R8)
    assert made.told[0] == "前年度の負担金: 確定した第1回（総会議決）から"
    rows = (root / "members/r8/previous.csv").read_text("utf-8-sig").splitlines()
    assert rows[0] == "団体コード,団体名,事業,経費,負担金額（円）"
    assert f"{sealing.AOBA},あおば市,予約,利用料,680000" in rows
    rules = (root / "rules/r8/10_yoyaku.txt").read_text("utf-8-sig")
    assert "状態: 案" in rules
    assert f"納期: 第1期 令和8年7月31日 残り {UNDECIDED}" in rules
    assert f"文書番号: 予協第12号 {UNDECIDED}" in rules
    assert f"発行日: 令和8年6月2日 {UNDECIDED}" in rules


def test_whose_turn_it_is_is_handed_on(tmp_path: Path) -> None:
    init(tmp_path / "council", COUNCIL)
    root = tmp_path / "council"
    new_year(root, R7, R8)
    assert (root / "members/r8/rotation.csv").read_bytes() == rotation_csv(compute(root, R7))


MOVED = {
    "令和７年度": "令和８年度",
    "令和元年度": "令和2年度",
    "平成30年度": "令和元年度",
    "平成 29 年度": "平成 30 年度",
    "R7.7.31": "R8.7.31",
    "ｒ７．７．３１": "ｒ８．７．３１",
    "2025年度": "2026年度",
    "2025-07-31": "2026-07-31",
    "令和7年1月1日から令和7年12月31日まで": "令和8年1月1日から令和8年12月31日まで",
    "協議第7号、7年目": "協議第7号、7年目",
    "A7.1": "A7.1",
}


@pytest.mark.parametrize("text", MOVED)
def test_years_move_and_keep_their_spelling(text: str) -> None:
    assert moved(text, 1) == MOVED[text]


LINES = {
    "状態: 議決": "状態: 案",
    "状態: 例": "状態: 例",
    "根拠: 規約第9条（令和2年4月1日改正）": "根拠: 規約第9条（令和2年4月1日改正）",
    "根拠: 令和7年2月10日 総会議決": f"根拠: 令和7年2月10日 総会議決 {UNDECIDED}",
    "基礎数値: 国勢調査人口（令和2年10月1日現在）": "基礎数値: 国勢調査人口（令和2年10月1日現在）",
    "基礎数値: 国勢調査人口（令和7年10月1日現在）": "基礎数値: 国勢調査人口（令和7年10月1日現在）",
    "基礎数値: 搬入量（令和5年度実績）": f"基礎数値: 搬入量（令和6年度実績） {UNDECIDED}",
    "基礎数値: 搬入量（平成16年度実績）": "基礎数値: 搬入量（平成16年度実績）",
    "基礎数値: 需要額（前年度算定）": f"基礎数値: 需要額（前年度算定） {UNDECIDED}",
    "休日: 翌営業日": "休日: 翌営業日",
    "納期: 第1期 R7.7.31 残り": f"納期: 第1期 R8.7.31 残り {UNDECIDED}",
    "　上限：前年度の120%、超えた分は甲市が負担": f"　上限：前年度の120%、超えた分は甲市が負担 {UNDECIDED}",
    "上限: 1億円、超えた分は残りの団体で割り直す": "上限: 1億円、超えた分は残りの団体で割り直す",
    "備考: 印刷する説明": "備考: 印刷する説明",
    "備考: 令和7年度の増額分": f"備考: 令和7年度の増額分 {UNDECIDED}",
    "※ 令和7年度から割合を変えた": "※ 令和7年度から割合を変えた",
    "■経費 利用料（令和7年9月30日まで）": f"■経費 利用料（令和7年9月30日まで） {UNDECIDED}",
    "検算: 合計 = 予算額": "検算: 合計 = 予算額",
    "検算: 団体数 = 54": "検算: 団体数 = 54",
    "検算: 甲市 = 1,000円": "※ 令和7年度の検算: 甲市 = 1,000円",
}


@pytest.mark.parametrize("line", LINES)
def test_what_becomes_of_a_line(line: str) -> None:
    step = YearStep(old=R7, new=R8)
    assert next_rules("rules/r7/10.txt", f"{line}\n".encode(), step).decode() == f"{LINES[line]}\n"
