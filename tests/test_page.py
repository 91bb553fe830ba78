"""What the page asks: answered from the folder, without a browser."""

import io
import json
import re
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from apportion.cli import COMMANDS
from apportion.core.year import FiscalYear
from apportion.outcome import issued
from apportion.outputs import publish
from apportion.page import commands
from apportion.page.desk import Desk
from apportion.pipeline import run
from tests import sealing, workspace
from tests.manual import reading
from tests.program import apportion

R7 = FiscalYear(2025)
RULES = "rules/r7/20_shisetsu_yoyaku.txt"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace.copy(tmp_path / "協議会 の フォルダー")


def asked(desk: Desk, name: str, **facts: object) -> Any:  # noqa: ANN401  plain data
    answer = json.loads(desk.ask(json.dumps({"ask": name, **facts})))
    assert "error" not in answer, answer
    return answer["value"]


def refused(desk: Desk, name: str, **facts: object) -> Any:  # noqa: ANN401  plain data
    answer = json.loads(desk.ask(json.dumps({"ask": name, **facts})))
    assert "value" not in answer
    return answer


def test_the_years_of_a_folder_come_newest_first(root: Path) -> None:
    found = asked(Desk(root), "opened")
    assert [year["label"] for year in found["years"]] == [
        "令和7年度", "令和6年度", "令和4年度", "令和3年度",
    ]  # fmt: skip
    assert found["torn"] == []


def test_a_folder_without_rules_has_no_year(tmp_path: Path) -> None:
    assert asked(Desk(tmp_path), "opened")["years"] == []


def test_checks_are_those_of_the_command_line(root: Path) -> None:
    workspace.edit(root / RULES, "均等割 30%", "均等割 30%%")
    told = json.loads(apportion("check", "--year", "r7", "--dir", str(root), "--json").stdout)
    found = asked(Desk(root), "checked", year="r7")
    assert found["grave"]
    assert sorted((p["code"], p["what"], p["fix"]) for p in found["problems"]) == sorted(
        (p["code"], p["what"], p["fix"]) for p in told
    )
    first = found["problems"][0]
    assert (first["level"], first["place"]["file"]) == ("エラー", RULES)
    assert first["place"]["line"] > 0


def test_amounts_are_those_of_the_written_charges(root: Path) -> None:
    found = asked(Desk(root), "amounts", year="r7")
    outcome = run(root, R7)
    record = json.loads((root / "outputs/r7" / publish.NAME).read_bytes())
    assert found["total"] == record["負担金額_円"]
    assert len(found["members"]) == record["団体数"]
    for row in found["members"]:
        assert sum(yen or 0 for yen in row["yen"]) == row["total"]
        assert row["total"] == sum(c.yen for c in outcome.by_member[row["code"]])
    columns = [
        sum(row["yen"][n] or 0 for row in found["members"]) for n in range(len(found["projects"]))
    ]
    assert columns == [project["yen"] for project in found["projects"]]
    assert {project["difference"] for project in found["projects"]} == {0}
    assert (found["equations"], found["differences"]) == (record["突合"]["式の数"], 0)


def test_a_mistake_keeps_amounts_from_being_told(root: Path) -> None:
    workspace.edit(root / RULES, "均等割 30%", "均等割 31%")
    answer = refused(Desk(root), "amounts", year="r7")
    assert answer["error"] == "誤りが 1 件あるので、計算できません。何も書いていません。"
    assert [problem["level"] for problem in answer["problems"]].count("エラー") == 1


def test_amounts_follow_a_changed_file_when_told_so(root: Path) -> None:
    desk = Desk(root)
    before = asked(desk, "checked", year="r7")
    workspace.edit(root / RULES, "均等割 30%", "均等割 31%")
    assert asked(desk, "checked", year="r7") == before
    desk.changed()
    assert asked(desk, "checked", year="r7") != before


def test_why_has_the_steps_of_explain(root: Path) -> None:
    arguments = ("--year", "r7", "--member", "豊橋市", "--project", "電子申請", "--dir", str(root))
    told = apportion("explain", *arguments).stdout
    found = asked(Desk(root), "why", year="r7", member="豊橋市", project="電子申請")
    assert found["invoiced"] in told
    steps = [s for p in found["projects"] for line in p["lines"] for s in line["steps"]]
    assert len(steps) > 20
    flat = "".join(told.split())
    for step in steps:
        for part in (step["label"], step["value"], step["formula"], step["words"]):
            assert "".join(part.split()) in flat
        assert step["place"]["words"] in told


def test_an_unknown_body_is_told_with_the_near_one(root: Path) -> None:
    answer = refused(Desk(root), "why", year="r7", member="豊橋")
    assert [problem["code"] for problem in answer["problems"]] == ["W902"]


def test_writing_gives_the_files_of_a_run_record_first(root: Path, tmp_path: Path) -> None:
    found = asked(Desk(root), "written", year="r7")
    other = workspace.copy(tmp_path / "other")
    run(other, R7)
    there = publish.hashes(other / "outputs")
    assert there == publish.hashes(root / "outputs")
    paths = [step["path"] for step in found["steps"]]
    assert paths[0] == "outputs/r7/記録.json"
    assert sorted(paths) == [f"outputs/{name}" for name in there]
    assert not any(step["gone"] or step["text"] for step in found["steps"])


def test_writing_the_same_again_changes_nothing(root: Path) -> None:
    desk = Desk(root)
    asked(desk, "written", year="r7")
    assert asked(desk, "written", year="r7")["steps"] == []


def test_at_each_point_of_writing_the_command_line_goes_on(root: Path, tmp_path: Path) -> None:
    """A page closed after n files leaves what `run` replaces, with all former files in 履歴."""
    elsewhere = tmp_path / "disk"
    asked(Desk(root), "written", year="r7")
    former = publish.hashes(root / "outputs/r7")
    _mirror(root, elsewhere, sorted(p for p in root.rglob("*") if p.is_file()))
    workspace.edit(root / "rules/r7/00_common.txt", "状態: 例", "状態: 案")
    workspace.edit(elsewhere / "rules/r7/00_common.txt", "状態: 例", "状態: 案")
    steps = asked(Desk(root), "written", year="r7")["steps"]
    kept = [step for step in steps if "履歴" in step["path"]]
    assert steps[: len(kept)] == kept
    for step in kept:
        _take(root, elsewhere, step)
    assert publish.hashes(elsewhere / "outputs/履歴/r7/1") == former
    foreign = publish.of_run(R7, None)
    for step in steps[len(kept) :]:
        _take(root, elsewhere, step)
        assert not foreign(elsewhere / "outputs/r7"), step
        assert asked(Desk(elsewhere), "opened")["torn"] in ([], ["outputs/r7"])
    assert asked(Desk(elsewhere), "opened")["torn"] == []
    assert publish.hashes(elsewhere / "outputs") == publish.hashes(root / "outputs")


def test_a_folder_cut_short_is_told(root: Path) -> None:
    asked(Desk(root), "written", year="r7")
    (root / "outputs/r7/data/charges.csv").write_bytes(b"")
    assert asked(Desk(root), "opened")["torn"] == ["outputs/r7"]


def test_what_stands_in_the_place_of_outputs_is_not_replaced(root: Path) -> None:
    own = root / "outputs/r7/自分の.txt"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"mine")
    assert "置き換えません" in refused(Desk(root), "written", year="r7")["error"]
    assert own.read_bytes() == b"mine"


def test_the_zip_holds_the_written_folder(root: Path, tmp_path: Path) -> None:
    desk = Desk(root)
    asked(desk, "written", year="r7")
    packed = tmp_path / "r7.zip"
    packed.write_bytes(desk.packed("r7", "outputs", '["r7"]'))
    with ZipFile(packed) as found:
        found.extractall(tmp_path / "there")
    assert publish.hashes(tmp_path / "there/r7") == publish.hashes(root / "outputs/r7")
    packed.write_bytes(desk.packed("r7", "", f'["{RULES}"]'))
    with ZipFile(packed) as found:
        assert found.namelist() == [RULES]


def test_a_fault_of_ours_is_a_sentence(root: Path) -> None:
    words = refused(Desk(root), "amounts")["error"]
    assert words.startswith("思いがけない誤りで止まりました。プログラムの誤りです。")


def test_a_draft_is_told_against_what_is_saved(root: Path) -> None:
    desk = Desk(root)
    saved = asked(desk, "amounts", year="r7")
    assert {row["changed"] for row in saved["members"]} == {0}
    workspace.edit(root / RULES, "均等割 30% + 人口割 70%", "均等割 40% + 人口割 60%")
    text = (root / RULES).read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    kept = "".join(line for line in text if not line.startswith("検算"))
    (root / RULES).write_bytes(kept.encode("utf-8-sig"))
    desk.changed()
    draft = asked(desk, "amounts", year="r7", draft=True)
    for old, new in zip(saved["members"], draft["members"], strict=True):
        change = [(b or 0) - (a or 0) for a, b in zip(old["yen"], new["yen"], strict=True)]
        assert (new["change"], new["changed"]) == (change, sum(change))
    assert sum(bool(row["changed"]) for row in draft["members"]) > 20
    assert sum(row["changed"] for row in draft["members"]) == 0
    assert {row["changed"] for row in asked(desk, "amounts", year="r7")["members"]} == {0}


def test_a_draft_without_saved_amounts_tells_no_change(root: Path) -> None:
    found = asked(Desk(root), "amounts", year="r7", draft=True)
    assert {row["changed"] for row in found["members"]} == {None}


@pytest.mark.parametrize(
    ("codec", "newline"), [("utf-8-sig", "\r\n"), ("utf-8", "\n"), ("cp932", "\r\n")]
)
def test_a_typed_text_stays_in_the_encoding_of_its_file(
    root: Path, codec: str, newline: str
) -> None:
    file = root / RULES
    lines = file.read_bytes().decode("utf-8-sig").splitlines()
    saved = "".join(f"{line}{newline}" for line in lines).encode(codec)
    file.write_bytes(saved)
    desk = Desk(root)
    texts = asked(desk, "texts", year="r7")["files"]
    [own] = [text for text in texts if text["file"] == RULES]
    assert own["project"] == "施設予約事業"
    assert desk.typed(RULES, own["text"]) == saved
    typed = desk.typed(RULES, own["text"].replace("均等割 30%", "均等割 31%"))
    plain = codec.removesuffix("-sig")
    assert typed == saved.replace("均等割 30%".encode(plain), "均等割 31%".encode(plain))
    assert typed != saved


def test_a_text_that_cannot_be_read_is_none_to_edit(root: Path) -> None:
    (root / RULES).write_bytes(b"\x81\xff\x00\xfe")
    texts = asked(Desk(root), "texts", year="r7")["files"]
    assert [text["file"] for text in texts if text["text"] is None] == [RULES]


def test_cells_of_a_table_change_and_nothing_else(root: Path) -> None:
    desk = Desk(root)
    listed = {t["title"]: t["file"] for t in asked(desk, "tables", year="r7")["tables"]}
    assert listed["名簿"] == "members/r7/roster.csv"
    file = listed["支出の部"]
    saved = (root / file).read_bytes()
    shown = asked(desk, "shown", file=file)
    row = next(r for r in shown["rows"] if "40656" in [c["text"] for c in r["cells"]])
    column = [c["text"] for c in row["cells"]].index("40656") + 1
    typed = desk.filled(file, json.dumps([[row["row"], column, "40,657"]]))
    assert typed == saved.replace(b"40656", b'"40,657"')
    assert desk.filled(file, "[]") == saved


def test_a_number_typed_into_a_workbook_is_a_number(root: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (
        ("団体コード", "団体名", "人口（人）"),
        ("232017", "豊橋市", 100),
        ("232025", "岡崎市", 7),
    ):
        sheet.append(cells)
    file = "members/r7/figures.xlsx"
    book.save(root / file)
    made = load_workbook(
        io.BytesIO(Desk(root).filled(file, '[[3, 3, "1,234"], [2, 2, "とよはし"]]'))
    )
    assert [[cell.value for cell in row] for row in made.worksheets[0]] == [
        ["団体コード", "団体名", "人口（人）"], ["232017", "とよはし", 100], ["232025", "岡崎市", 1234],
    ]  # fmt: skip


def test_changes_since_last_year_are_those_of_diff(root: Path) -> None:
    told = json.loads(apportion("diff", "r6", "r7", "--dir", str(root), "--json").stdout)
    desk = Desk(root)
    assert [one["side"] for one in asked(desk, "comparable")["sides"]] == ["r7", "r6", "r4", "r3"]
    found = asked(desk, "changes", before="r6", after="r7")
    assert found["labels"] == ["令和6年度", "令和7年度"]
    assert found["after"] == sum(row["後_円"] for row in told["負担金"])
    assert found["yen"] == sum(cause["yen"] for cause in found["causes"])
    for body in found["members"]:
        own = [row for row in told["負担金"] if row["団体コード"] == body["code"]]
        assert (body["before"], body["after"]) == (
            sum(row["前_円"] for row in own),
            sum(row["後_円"] for row in own),
        )
        assert sum(cause["yen"] for cause in body["causes"]) == body["yen"]
    one = asked(desk, "reasons", before="r6", after="r7", member="232017")
    assert one["name"] == "豊橋市"
    assert "予算額が21,780,000円から40,656,000円になりました。" in [
        words
        for project in one["projects"]
        for line in project["lines"]
        for cause in line["causes"]
        for words in cause["words"]
    ]
    assert refused(desk, "changes", before="r2", after="r7")["problems"]


@pytest.mark.parametrize("part", [1, 45, 99])
def test_a_moved_share_pays_what_a_changed_rule_would(
    root: Path, tmp_path: Path, part: int
) -> None:
    desk = Desk(root)
    levers = asked(desk, "levers", year="r7")["levers"]
    [lever] = [one for one in levers if one["project"] == "施設予約事業"]
    assert [p["part"] for p in lever["parts"]] == ["30%", "70%"]
    move = {"project": lever["project"], "line": lever["line"], "driver": "均等割", "part": part}
    shares = f"均等割 {part}% + 人口割 {100 - part}%"
    lines = [f"施設予約事業/運用支援業務等: 負担割合 = {shares}"]
    cases = [
        {"name": "動かす", "moves": [move], "lines": []},
        {"name": "書く", "moves": [], "lines": lines},
        {"name": "そのまま", "moves": [], "lines": []},
    ]
    found = asked(desk, "supposed", year="r7", cases=cases)
    other = workspace.copy(tmp_path / "other")
    workspace.edit(other / RULES, "均等割 30% + 人口割 70%", shares)
    kept = (other / RULES).read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    text = "".join(line for line in kept if not line.startswith("検算"))
    (other / RULES).write_bytes(text.encode("utf-8-sig"))
    amounts = asked(Desk(other), "amounts", year="r7")
    changed = {row["code"]: row["total"] for row in amounts["members"]}
    for case in found["cases"][:2]:
        assert {code: row["yen"] for code, row in case["rows"].items()} == changed
    same = found["cases"][2]["rows"]
    assert {row["change"] for row in same.values()} == {0}
    assert sum(row["change"] != 0 for row in found["cases"][0]["rows"].values()) > 20
    wrong = [{"name": "案", "moves": [], "lines": ["ない事業: 上限 = 1円"]}]
    assert refused(desk, "supposed", year="r7", cases=wrong)["problems"][0]["code"] == "W905"


def test_every_line_of_the_manual_is_offered_for_its_key(root: Path) -> None:
    found = asked(Desk(root), "phrases", year="r7")
    manual = (root / "rules/README.md").read_text(encoding="utf-8-sig")
    clauses = manual.split("## 条例の言葉から規則へ")[1].split("## 1 ")[0]
    offered = 0
    for line in re.findall(r"`([^`\n]+[:：] [^`\n]+)`", clauses):
        key, value = re.split("[:：] ", line, maxsplit=1)
        assert value in found["values"][key], line
        offered += 1
    assert offered > 30
    assert {"国勢調査人口割", "施設予約", "豊橋市", "運用支援業務等"} <= set(found["names"])
    assert not {"場所", "なぜ", "直し方"} & set(found["values"])
    assert any(heading.startswith("■段階表") for heading in found["headings"])


def test_every_line_that_the_manual_computes_is_offered(root: Path) -> None:
    """Those lines make every phrase of the language (`test_manual_coverage`)."""
    found = asked(Desk(root), "phrases", year="r7")
    values, headings = found["values"], set(found["headings"])
    shown = [fence for example in reading.examples() for fence in example.fences]
    fences = [fence for fence in shown if fence.place.startswith("rules/")]
    rules = [fence.text for fence in fences if not fence.path or fence.path.endswith(".txt")]
    lines = {line.strip() for text in rules for line in text.splitlines()}
    lines = {line for line in lines if line and not line.startswith(("※", "#"))}
    assert len(lines) > 150
    missing = [
        line for line in lines if line.startswith(("■", "【", "［")) and line not in headings
    ]
    for line in lines - headings:
        key, *value = re.split("[:：] ?", line, maxsplit=1)
        row = re.fullmatch("[A-Z][市町村]", key)  # of a table: a body and its number
        missing += [line] if value and not row and value[0] not in values.get(key, ()) else []
    assert missing == []


def test_a_line_is_told_as_show_tells_it(root: Path) -> None:
    told = apportion("show", "rules", "--year", "r7", "--dir", str(root)).stdout
    files = asked(Desk(root), "meanings", year="r7")["files"]
    text = (root / RULES).read_bytes().decode("utf-8-sig").splitlines()
    line = next(n for n, own in enumerate(text, 1) if own.startswith("負担割合: 均等割 30%"))
    says = files[RULES][str(line)]
    assert says == ["均等割 30%、人口割 70%で分けます。"] or "".join(says)[:12] in told.replace(
        "\n", ""
    )
    assert len(says) == 1


def test_a_line_is_told_with_what_a_body_pays_by_it(root: Path) -> None:
    """春日井市 as 検算 of the shipped rules has it; where none is chosen, the first that takes part."""
    desk = Desk(root)
    lines = (root / RULES).read_bytes().decode("utf-8-sig").splitlines()
    at = [n for n, own in enumerate(lines, 1) if own.startswith(("■経費", "負担割合"))]
    found = asked(desk, "paid", year="r7", member="232068")["files"]
    says = ("281,050円です。", "2,958,567円です。", "5,000円です。")
    expected = [f"春日井市は、この経費で {yen}" for yen in says for _ in range(2)]
    assert [found[RULES][str(line)] for line in at] == expected
    assert len(found[RULES]) == len(at)
    several = [own for file in found.values() for own in file.values() if "件の計" in own]
    assert "春日井市は、この経費で 362,740円（6件の計）です。" in several
    first = asked(desk, "paid", year="r7", member="")["files"][RULES]
    assert first[str(at[0])] == "瀬戸市は、この経費で 281,050円です。"
    other = asked(desk, "paid", year="r7", member="230006")["files"][RULES]
    assert set(other.values()) == {"愛知県は、この経費を負担しません。"}


def test_a_line_that_mends_a_mistake_is_offered(root: Path) -> None:
    workspace.edit(root / RULES, "均等割 30% + 人口割 70%", "均等割 30% + 人ロ割 70%")
    problems = asked(Desk(root), "checked", year="r7")["problems"]
    [wrong] = [one for one in problems if one["level"] == "エラー"]
    assert wrong["mends"] == ["負担割合: 均等割 30% + 人口割 70%"]


def test_a_zip_of_a_folder_is_that_folder(root: Path, tmp_path: Path) -> None:
    inside = tmp_path / "unpacked"
    inside.mkdir()
    root.rename(inside / "協議会")
    desk = Desk(inside)
    asked(desk, "unpacked")
    assert len(asked(desk, "opened")["years"]) == 4


def test_the_forms_are_the_commands_of_the_command_line() -> None:
    forms = {form["name"]: form for form in commands.forms()}
    views = {"init", "explain", "run", "check", "fmt"}
    assert set(forms) | views == set(COMMANDS)
    fields = {field["label"]: field for field in forms["decide"]["fields"]}
    assert [label for label, field in fields.items() if field["required"]] == [
        "年度", "備考", "日付",
    ]  # fmt: skip
    assert fields["日付"]["help"] == "議決の日。令和7年5月30日 など。"
    assert next(f["file"] for f in forms["import payments"]["fields"])


def test_a_command_says_and_writes_what_it_does_elsewhere(tmp_path: Path) -> None:
    root, other = sealing.decided(tmp_path / "予約協議会"), sealing.decided(tmp_path / "other")
    desk = Desk(root)
    words = ["decide", "--year", "r7", "--date", "R7.5.30", "--note", "総会議決"]
    found = asked(desk, "performed", words=words)
    told = apportion(*words, folder=other).stdout
    assert found["code"] == 0
    assert "\n".join(line["text"] for line in found["lines"]) == told.rstrip("\n")
    assert found["lines"][-1]["following"] == ["verify", "outputs/確定/r7/第1回"]
    assert found["lines"][-1]["command"] == "apportion verify outputs/確定/r7/第1回"
    assert publish.hashes(root) == publish.hashes(other)
    record, table, issue = (
        "outputs/r7/記録.json",
        "rules/r7/acts.csv",
        "outputs/確定/r7/第1回/確定.json",
    )
    paths = [step["path"] for step in found["steps"]]
    assert (paths[0], paths[-1], paths.count(issue)) == (record, issue, 2)
    assert paths[paths.index(table) + 1] == issue
    assert [step["path"] for step in found["steps"] if step["text"]] == [issue]
    again = asked(desk, "performed", words=["verify", "outputs/確定/r7/第1回"])
    assert (again["code"], again["steps"]) == (0, [])


def test_an_import_shows_first_what_it_would_write(root: Path, tmp_path: Path) -> None:
    listed = tmp_path / "納入.csv"
    listed.write_text(
        "団体コード,期,納入日,納入額（円）\n232017,1,R7.7.31,1000\n", encoding="utf-8"
    )
    desk = Desk(root)
    words = ["import", "payments", str(listed), "--year", "r7"]
    shown = asked(desk, "performed", words=words)
    assert (shown["asks"], shown["steps"]) == (True, [])
    assert not any("--yes" in line["text"] for line in shown["lines"])
    done = asked(desk, "performed", words=[*words, "--yes"])
    assert (done["code"], done["asks"]) == (0, False)
    assert any(step["path"].startswith("members/r7/payments") for step in done["steps"])
    taken = asked(desk, "performed", words=["undo", "--yes"])
    gone = [step["path"] for step in taken["steps"] if step["gone"]]
    assert any(path.startswith("members/r7/payments") for path in gone)


def test_a_command_that_is_wrong_says_so_and_writes_nothing(root: Path) -> None:
    words = ["decide", "--year", "r7", "--date", "いつか", "--note", "総会議決"]
    found = asked(Desk(root), "performed", words=words)
    assert (found["code"], found["steps"]) == (2, [])
    assert "日付「いつか」が分かりません" in found["lines"][0]["text"]


ACTS = {
    "decide": "decide --year r7 --date R7.5.30 --note 総会議決",
    "settle": "settle --year r7",
    "withdraw": "withdraw --year r7 --note 誤り --date R7.6.10",
    "import figures": "import figures 人口.csv --year r7 --yes",
}


def _begun(root: Path, act: str) -> Path:
    """A council that ran once, was told to change, and has come to the point of this act."""
    sealing.decided(root)
    run(root, R7)
    sealing.awaiting(root)
    if act in ("settle", "withdraw"):
        asked(Desk(root), "performed", words=ACTS["decide"].split())
        sealing.spent(root)
    if act == "settle":
        asked(Desk(root), "performed", words=ACTS[act].split())
        workspace.edit(root / "rules/r7/budget.csv", "1200000,1200000", "1200000,1100000")
    return root


@pytest.mark.parametrize("act", ACTS)
def test_an_act_cut_short_at_any_write_is_done_again_by_the_command_line(
    act: str, tmp_path: Path
) -> None:
    """The former files are in 履歴 by then; what comes of it is what comes of the act as a whole."""
    old = _begun(tmp_path / "old", act)
    made = Path(shutil.copytree(old, tmp_path / "made"))
    done = asked(Desk(made), "performed", words=ACTS[act].split())
    assert done["code"] == 0, done["lines"]
    assert len(done["steps"]) > 2
    disk = Path(shutil.copytree(old, tmp_path / "disk"))
    for n, step in enumerate(done["steps"][:-1]):
        _take(made, disk, step)
        cut = Path(shutil.copytree(disk, tmp_path / f"{n}"))
        told = asked(Desk(cut), "performed", words=ACTS[act].split())
        assert told["code"] == 0, (step, told["lines"])
        assert _now(cut) == _now(made), step
        shutil.rmtree(cut)
    _take(made, disk, done["steps"][-1])
    assert publish.hashes(disk) == publish.hashes(made)


def test_an_import_cut_short_at_any_write_is_taken_back(tmp_path: Path) -> None:
    """Its record and the former tables come first: whatever of the tables was written, they come back."""
    old = _begun(tmp_path / "old", "decide")
    made = Path(shutil.copytree(old, tmp_path / "made"))
    words = ["import", "budget", "補正.txt", "--year", "r7", "--case", "補正1", "--yes"]
    steps = asked(Desk(made), "performed", words=words)["steps"]
    tables = [step["path"] for step in steps if "履歴" not in step["path"]]
    assert len(tables) > 1
    disk = Path(shutil.copytree(old, tmp_path / "disk"))
    for step in steps:
        _take(made, disk, step)
        cut = Path(shutil.copytree(disk, tmp_path / "cut"))
        if list(cut.rglob("取込.json")):
            told = asked(Desk(cut), "performed", words=["undo", "--yes"])
            assert told["code"] == 0, (step, told["lines"])
        assert _now(cut) == _now(old), step
        shutil.rmtree(cut)


def test_an_issue_that_is_only_begun_is_none_and_is_told(tmp_path: Path) -> None:
    root = sealing.decided(tmp_path / "a")
    sealing.issued(root)
    begun = root / "outputs/確定/r7/第2回"
    begun.mkdir()
    (begun / "確定.json").write_text(issued.BEGUN, encoding="utf-8")
    assert asked(Desk(root), "opened")["begun"] == ["outputs/確定/r7/第2回"]
    assert apportion("run", "--year", "r7", folder=root).code == 0
    verified = apportion("verify", "outputs/確定/r7", folder=root)
    assert (verified.code, "第2回" in verified.stdout + verified.stderr) == (1, True)


def _now(root: Path) -> dict[str, str]:
    """What stands, without what is kept of former times."""
    found = publish.hashes(root)
    return {name: digest for name, digest in found.items() if "履歴" not in name.split("/")}


def _take(root: Path, elsewhere: Path, step: dict[str, Any]) -> None:
    """One step, as the page takes it."""
    if step["gone"]:
        (elsewhere / step["path"]).unlink()
    elif step["text"] is None:
        _mirror(root, elsewhere, [root / step["path"]])
    else:
        (elsewhere / step["path"]).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / step["path"]).write_bytes(step["text"].encode())


def _mirror(root: Path, elsewhere: Path, files: list[Path]) -> None:
    for file in files:
        target = elsewhere / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
