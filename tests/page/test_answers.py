"""What the page asks: answered from the folder, without a browser."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from apportion.core.year import FiscalYear
from apportion.outputs import publish
from apportion.page.answers import Door
from apportion.pipeline import run
from tests import workspace
from tests.program import apportion

R7 = FiscalYear(2025)
RULES = "rules/r7/20_shisetsu_yoyaku.txt"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace.copy(tmp_path / "協議会 の フォルダー")


def asked(door: Door, name: str, **facts: object) -> Any:  # noqa: ANN401  plain data
    answer = json.loads(door.ask(json.dumps({"ask": name, **facts})))
    assert "error" not in answer, answer
    return answer["value"]


def refused(door: Door, name: str, **facts: object) -> Any:  # noqa: ANN401  plain data
    answer = json.loads(door.ask(json.dumps({"ask": name, **facts})))
    assert "value" not in answer
    return answer


def test_the_years_of_a_folder_come_newest_first(root: Path) -> None:
    found = asked(Door(root), "opened")
    assert [year["label"] for year in found["years"]] == [
        "令和7年度", "令和6年度", "令和4年度", "令和3年度",
    ]  # fmt: skip
    assert found["torn"] == []


def test_a_folder_without_rules_has_no_year(tmp_path: Path) -> None:
    assert asked(Door(tmp_path), "opened")["years"] == []


def test_checks_are_those_of_the_command_line(root: Path) -> None:
    workspace.edit(root / RULES, "均等割 30%", "均等割 30%%")
    told = json.loads(apportion("check", "--year", "r7", "--dir", str(root), "--json").stdout)
    found = asked(Door(root), "checked", year="r7")
    assert found["grave"]
    assert sorted((p["code"], p["what"], p["fix"]) for p in found["problems"]) == sorted(
        (p["code"], p["what"], p["fix"]) for p in told
    )
    first = found["problems"][0]
    assert (first["level"], first["place"]["file"]) == ("エラー", RULES)
    assert first["place"]["line"] > 0


def test_amounts_are_those_of_the_written_charges(root: Path) -> None:
    found = asked(Door(root), "amounts", year="r7")
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
    answer = refused(Door(root), "amounts", year="r7")
    assert answer["error"] == "誤りが 1 件あるので、計算できません。何も書いていません。"
    assert [problem["level"] for problem in answer["problems"]].count("エラー") == 1


def test_amounts_follow_a_changed_file_when_told_so(root: Path) -> None:
    door = Door(root)
    before = asked(door, "checked", year="r7")
    workspace.edit(root / RULES, "均等割 30%", "均等割 31%")
    assert asked(door, "checked", year="r7") == before
    door.changed()
    assert asked(door, "checked", year="r7") != before


def test_why_has_the_steps_of_explain(root: Path) -> None:
    arguments = ("--year", "r7", "--member", "豊橋市", "--project", "電子申請", "--dir", str(root))
    told = apportion("explain", *arguments).stdout
    found = asked(Door(root), "why", year="r7", member="豊橋市", project="電子申請")
    assert found["invoiced"] in told
    steps = [s for p in found["projects"] for line in p["lines"] for s in line["steps"]]
    assert len(steps) > 20
    flat = "".join(told.split())
    for step in steps:
        for part in (step["label"], step["value"], step["formula"], step["words"]):
            assert "".join(part.split()) in flat
        assert step["place"]["words"] in told


def test_an_unknown_body_is_told_with_the_near_one(root: Path) -> None:
    answer = refused(Door(root), "why", year="r7", member="豊橋")
    assert [problem["code"] for problem in answer["problems"]] == ["W902"]


def test_writing_gives_the_files_of_a_run_record_first(root: Path, tmp_path: Path) -> None:
    found = asked(Door(root), "written", year="r7")
    other = workspace.copy(tmp_path / "other")
    run(other, R7)
    there = publish.hashes(other / "outputs")
    assert there == publish.hashes(root / "outputs")
    assert found["record"] == ["outputs/r7/記録.json"]
    assert sorted([*found["record"], *found["files"]]) == [f"outputs/{name}" for name in there]
    assert (found["kept"], found["gone"]) == ([], [])


def test_writing_the_same_again_changes_nothing(root: Path) -> None:
    door = Door(root)
    asked(door, "written", year="r7")
    again = asked(door, "written", year="r7")
    assert (again["kept"], again["gone"], again["record"], again["files"]) == ([], [], [], [])


def test_at_each_point_of_writing_the_command_line_goes_on(root: Path, tmp_path: Path) -> None:
    """A page closed after n files leaves what `run` replaces, with all former files in 履歴."""
    elsewhere = tmp_path / "disk"
    asked(Door(root), "written", year="r7")
    former = publish.hashes(root / "outputs/r7")
    _mirror(root, elsewhere, sorted(p for p in root.rglob("*") if p.is_file()))
    workspace.edit(root / "rules/r7/00_common.txt", "状態: 例", "状態: 案")
    workspace.edit(elsewhere / "rules/r7/00_common.txt", "状態: 例", "状態: 案")
    plan = asked(Door(root), "written", year="r7")
    kept = [root / name for name in plan["kept"]]
    _mirror(root, elsewhere, kept)
    assert publish.hashes(elsewhere / "outputs/履歴/r7/1") == former
    foreign = publish.of_run(R7, None)
    for name in plan["gone"]:
        (elsewhere / name).unlink()
        assert not foreign(elsewhere / "outputs/r7")
    for name in [*plan["record"], *plan["files"]]:
        assert asked(Door(elsewhere), "opened")["torn"] in ([], ["outputs/r7"])
        _mirror(root, elsewhere, [root / name])
        assert not foreign(elsewhere / "outputs/r7"), name
    assert asked(Door(elsewhere), "opened")["torn"] == []
    assert publish.hashes(elsewhere / "outputs") == publish.hashes(root / "outputs")


def test_a_folder_cut_short_is_told(root: Path) -> None:
    asked(Door(root), "written", year="r7")
    (root / "outputs/r7/data/charges.csv").write_bytes(b"")
    assert asked(Door(root), "opened")["torn"] == ["outputs/r7"]


def test_what_stands_in_the_place_of_outputs_is_not_replaced(root: Path) -> None:
    own = root / "outputs/r7/自分の.txt"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"mine")
    assert "置き換えません" in refused(Door(root), "written", year="r7")["error"]
    assert own.read_bytes() == b"mine"


def test_the_zip_holds_the_written_folder(root: Path, tmp_path: Path) -> None:
    door = Door(root)
    asked(door, "written", year="r7")
    packed = tmp_path / "r7.zip"
    packed.write_bytes(door.make('{"ask": "packed", "year": "r7"}'))
    with ZipFile(packed) as found:
        found.extractall(tmp_path / "there")
    assert publish.hashes(tmp_path / "there/r7") == publish.hashes(root / "outputs/r7")


def test_a_fault_of_ours_is_a_sentence(root: Path) -> None:
    words = refused(Door(root), "amounts")["error"]
    assert words.startswith("思いがけない誤りで止まりました。プログラムの誤りです。")


def test_a_draft_is_told_against_what_is_saved(root: Path) -> None:
    door = Door(root)
    saved = asked(door, "amounts", year="r7")
    assert {row["changed"] for row in saved["members"]} == {0}
    workspace.edit(root / RULES, "均等割 30% + 人口割 70%", "均等割 40% + 人口割 60%")
    text = (root / RULES).read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    kept = "".join(line for line in text if not line.startswith("検算"))
    (root / RULES).write_bytes(kept.encode("utf-8-sig"))
    door.drafted()
    draft = asked(door, "amounts", year="r7")
    for old, new in zip(saved["members"], draft["members"], strict=True):
        change = [(b or 0) - (a or 0) for a, b in zip(old["yen"], new["yen"], strict=True)]
        assert (new["change"], new["changed"]) == (change, sum(change))
    assert sum(bool(row["changed"]) for row in draft["members"]) > 20
    assert sum(row["changed"] for row in draft["members"]) == 0
    door.changed()
    assert {row["changed"] for row in asked(door, "amounts", year="r7")["members"]} == {0}


def test_a_draft_without_saved_amounts_tells_no_change(root: Path) -> None:
    door = Door(root)
    door.drafted()
    found = asked(door, "amounts", year="r7")
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
    door = Door(root)
    texts = asked(door, "texts", year="r7")["files"]
    [own] = [text for text in texts if text["file"] == RULES]
    assert own["project"] == "施設予約事業"
    assert _typed(door, own["text"]) == saved
    typed = _typed(door, own["text"].replace("均等割 30%", "均等割 31%"))
    plain = codec.removesuffix("-sig")
    assert typed == saved.replace("均等割 30%".encode(plain), "均等割 31%".encode(plain))
    assert typed != saved


def test_a_text_that_cannot_be_read_is_none_to_edit(root: Path) -> None:
    (root / RULES).write_bytes(b"\x81\xff\x00\xfe")
    texts = asked(Door(root), "texts", year="r7")["files"]
    assert [text["file"] for text in texts if text["text"] is None] == [RULES]


def _typed(door: Door, text: str) -> bytes:
    return door.make(json.dumps({"ask": "typed", "file": RULES, "text": text}))


def _mirror(root: Path, elsewhere: Path, files: list[Path]) -> None:
    for file in files:
        target = elsewhere / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
