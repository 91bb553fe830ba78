"""Whatever is named as the place to write, nothing that the command did not write is touched."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apportion.cli import app, guarded
from apportion.outputs.publish import NAME
from apportion.years.bridge import DATA, HEADINGS, POSTINGS
from tests import settling, small

RUN, SETTLE, DATA_OUT, RULES_OUT = (
    *(("run", "--year", "r7"), ("settle", "--year", "r7")),
    *(("export", "data", "--year", "r7"), ("export", "rules", "--year", "r7")),
)
EVERY = pytest.mark.parametrize("words", [RUN, SETTLE, DATA_OUT, RULES_OUT], ids=" ".join)
FOLDERS = pytest.mark.parametrize("words", [RUN, SETTLE, DATA_OUT], ids=" ".join)


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """A council that can be settled, beside other work of the same person."""
    small.save(tmp_path, "書類/大事.txt", "手で書いたもの")
    small.save(tmp_path, "council/メモ.txt", "手で書いたもの")
    return settling.worked(tmp_path / "council")


def do(root: Path, words: tuple[str, ...], *more: str) -> int:
    return guarded(lambda: app([*words, "--dir", str(root), *more], standalone_mode=False))


def to(root: Path, words: tuple[str, ...], out: Path) -> int:
    return do(root, words, "--out", str(out))


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


PLACES = {
    "rules": "rules",
    "a year of rules": "rules/r7",
    "a rule file": "rules/r7/10.txt",
    "a new folder among rules": "rules/r9",
    "members": "members",
    "a table": "members/r7/roster.csv",
    "the workspace": ".",
    "above it": "..",
    "other work": "../書類",
    "a file of other work": "../書類/大事.txt",
    "a note": "メモ.txt",
    "rules by a way round": "members/../rules",
}


@EVERY
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_what_is_not_ours_stays(
    root: Path, words: tuple[str, ...], place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(root.parent)
    assert to(root, words, root / place) == 3
    assert content(root.parent) == before
    told = capsys.readouterr().err
    assert "何も書いていません" in told
    assert "直し方: " in told


@EVERY
@pytest.mark.parametrize("place", ["rules", "members/r7/roster.csv", "../書類"])
def test_a_link_to_it_stays_with_what_it_leads_to(
    root: Path, words: tuple[str, ...], place: str
) -> None:
    (root / "link").symlink_to((root / place).resolve())
    before = content(root.parent)
    assert to(root, words, root / "link") == 3
    assert content(root.parent) == before
    assert (root / "link").is_symlink()


def test_the_folder_in_which_one_stands_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    before = content(root)
    assert guarded(lambda: app([*RUN, "--out", "."], standalone_mode=False)) == 3
    assert content(root) == before


def listed(folder: Path) -> None:
    """A file of one's own among the outputs."""
    small.save(folder, "請求書/メモ.txt", "手で書いたもの")


def unnamed(folder: Path) -> None:
    (folder / NAME).unlink()


def spoiled(folder: Path) -> None:
    (folder / NAME).write_text('{"年度": "r7", "出力": []}', "utf-8")


def linked(folder: Path) -> None:
    (folder / "rules").symlink_to(folder.parent.parent / "rules")


@pytest.mark.parametrize("change", [listed, unnamed, spoiled, linked])
def test_outputs_that_hold_something_else_stay(root: Path, change: Callable[[Path], None]) -> None:
    assert do(root, RUN) == 0
    change(root / "outputs/r7")
    raised(root)
    before = content(root)
    assert do(root, RUN) == 3
    assert content(root) == before


def raised(root: Path) -> None:
    """Another amount, so that the next run has something to write."""
    for name, old, new in (
        ("budget", "100000,110000", "100001,110000"),
        ("income", "1100000,1100000", "1100001,1100000"),
    ):
        text = (root / f"rules/r7/{name}.csv").read_text("utf-8")
        assert old in text
        small.save(root, f"rules/r7/{name}.csv", text.replace(old, new))


@FOLDERS
def test_outputs_of_another_kind_stay(root: Path, words: tuple[str, ...]) -> None:
    for made in (RUN, SETTLE, DATA_OUT):
        assert do(root, made) == 0
    own = {RUN: "r7", SETTLE: "r7-精算", DATA_OUT: "r7-データ"}
    before = content(root)
    for other in set(own.values()) - {own[words]}:
        assert to(root, words, root / "outputs" / other) == 3
    assert content(root) == before
    assert to(root, words, root / "outputs" / own[words]) == 0


def test_another_year_or_case_stays(root: Path) -> None:
    assert do(root, RUN) == 0
    record = root / "outputs/r7" / NAME
    mine = record.read_text("utf-8")
    raised(root)
    for old, new in (('"年度": "r7"', '"年度": "r6"'), ('"状態"', '"ケース": "補正1",\n "状態"')):
        assert old in mine
        record.write_text(mine.replace(old, new), "utf-8")
        before = content(root)
        assert do(root, RUN) == 3
        assert content(root) == before
    record.write_text(mine, "utf-8")
    assert do(root, RUN) == 0
    assert (root / "outputs/履歴/r7/1").is_dir()


def test_an_empty_folder_and_what_a_system_leaves_are_no_hindrance(root: Path) -> None:
    (root / "ここへ").mkdir()
    assert to(root, RUN, root / "ここへ") == 0
    (root / "ここへ/Thumbs.db").write_bytes(b"")
    raised(root)
    assert to(root, RUN, root / "ここへ") == 0


def test_a_link_to_outputs_is_kept_and_they_are_replaced(root: Path) -> None:
    assert to(root, RUN, root / "共有") == 0
    (root / "link").symlink_to(root / "共有")
    raised(root)
    assert to(root, RUN, root / "link") == 0
    assert (root / "link").is_symlink()
    assert (root / "履歴/共有/1" / NAME).is_file()


OWN_DATA = {
    "another heading": (POSTINGS, "団体コード,金額_円\r\n1,2\r\n"),
    "another year": (POSTINGS, ",".join(HEADINGS) + "\r\n案,令和6年度" + ",x" * 14 + "\r\n"),
    "no JSON": (DATA, "大事な値"),
    "other JSON": (DATA, '["大事"]'),
    "JSON of another case": (DATA, '{"年度": "r7", "ケース": "補正1"}'),
}


@pytest.mark.parametrize(("name", "text"), OWN_DATA.values(), ids=OWN_DATA.keys())
def test_a_file_of_the_same_name_stays(root: Path, name: str, text: str) -> None:
    small.save(root, f"outputs/r7-データ/{name}", text)
    before = content(root)
    assert do(root, DATA_OUT) == 3
    assert content(root) == before


def test_the_workbook_of_rules_takes_the_place_of_its_former_one_only(root: Path) -> None:
    assert do(root, RULES_OUT) == 0
    book = root / "outputs/規則一覧_r7.xlsx"
    first = book.read_bytes()
    rules = root / "rules/r7/10.txt"
    rules.write_text(rules.read_text("utf-8").replace("均等割", "人口割"), "utf-8")
    assert do(root, RULES_OUT) == 0
    assert book.read_bytes() != first
    assert (root / "outputs/履歴/1/規則一覧_r7.xlsx").read_bytes() == first
    assert do(root, RUN) == 0
    before = content(root)
    assert to(root, RULES_OUT, root / "outputs/r7/負担金一覧.xlsx") == 3
    assert content(root) == before
