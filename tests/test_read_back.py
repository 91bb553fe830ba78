"""What the program wrote and somebody spoiled is told with the name of the file, never a fall."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apportion.core.shape import Shape, fits, is_day, is_path, table_of
from apportion.outcome import issued
from tests import settling
from tests.program import Done, apportion

RUN = ("run", "--year", "r7", "--dir")


@pytest.fixture(name="root", scope="module")
def fixture_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = settling.worked(tmp_path_factory.mktemp("written"))
    assert apportion(*RUN, str(root)).code == 0
    return root


def spoiled(path: Path, data: bytes, command: Callable[[], Done]) -> Done:
    """What a command says while a file holds something else."""
    sound = path.read_bytes()
    path.write_bytes(data)
    try:
        return command()
    finally:
        path.write_bytes(sound)


def verify(root: Path) -> Done:
    return apportion("verify", str(root / "outputs/r7"), "--dir", str(root))


RECORDS: dict[str, object] = {
    "a list": [],
    "a word": "r7",
    "without its inputs": {"年度": "r7", "出力": {}},
    "without its outputs": {"年度": "r7", "入力": {}},
    "a list of outputs": {"年度": "r7", "入力": {}, "出力": ["a"]},
    "a number for a hash": {"年度": "r7", "入力": {"a": 1}, "出力": {}},
    "a number for a year": {"年度": 7, "入力": {}, "出力": {}},
    "a year that is none": {"年度": "x", "入力": {}, "出力": {}},
    "a list for a case": {"年度": "r7", "ケース": [], "入力": {}, "出力": {}},
    "a file that lies elsewhere": {"年度": "r7", "入力": {"../../etc/passwd": ""}, "出力": {}},
}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_of_another_shape_is_named_and_nothing_is_replaced(root: Path, kind: str) -> None:
    path, data = root / "outputs/r7/記録.json", json.dumps(RECORDS[kind]).encode()
    told = spoiled(path, data, lambda: verify(root))
    assert (told.code, "記録.json がないか、読めません" in told.stderr) == (3, True)
    told = spoiled(path, data, lambda: apportion(*RUN, str(root)))
    assert (told.code, "置き換えません" in told.stderr) == (3, True)


def test_a_record_within_itself_without_end_is_named(root: Path) -> None:
    told = spoiled(root / "outputs/r7/記録.json", b"[" * 100_000, lambda: verify(root))
    assert (told.code, "記録.json" in told.stderr) == (3, True)


def test_shapes() -> None:
    shape: Shape = {"年": int, "日": is_day, "名": table_of(str)}
    assert fits({"年": 7, "日": "2025-04-01", "名": {"a": "b"}, "ほか": 1}, shape)
    others: list[object] = [
        {"年": True, "日": "", "名": {}},
        {"年": 7, "日": "2025-13-01", "名": {}},
        {"年": 7, "日": 20250401, "名": {}},
        {"年": 7, "日": "", "名": {"a": 1}},
        {"年": 7, "日": "", "名": []},
        {"年": 7, "日": ""},
        [],
    ]
    assert not any(fits(other, shape) for other in others)
    assert [is_path(name) for name in ("a/b.xlsx", "/a", "a/../../b", 1)] == [True] + [False] * 3


def of_part(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The workbook with its first sheet changed."""

    def changed(data: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", 8) as new:
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, change(part) if name in SHEETS else part)
        return made.getvalue()

    return changed


SHEETS = {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}


def torn(data: bytes) -> bytes:
    """A stream of a part that cannot be unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("xl/workbook.xml")
    start = part.header_offset + 30 + len("xl/workbook.xml")
    return data[:start] + b"\xff" * 20 + data[start + 20 :]


BOOKS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "a broken stream": torn,
    "no end of the elements": of_part(lambda part: part[:-10]),
    "nothing in the parts": of_part(lambda _: b""),
    "other text": of_part(lambda _: b"<a/>"),
}


@pytest.mark.parametrize("kind", BOOKS)
@pytest.mark.parametrize("name", ["*/*.xlsx", "負担金一覧.xlsx", "計算書.xlsx"])
def test_a_spoiled_workbook_is_named(root: Path, name: str, kind: str) -> None:
    path = min((root / "outputs/r7").glob(name))
    told = spoiled(path, BOOKS[kind](path.read_bytes()), lambda: verify(root))
    assert told.code in {1, 3}
    assert path.name in told.stderr


SEALED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a word for a number": lambda record: record.update(回="1"),
    "a day that is none": lambda record: record.update(日付="2025-02-30"),
    "a list for the files": lambda record: record.update(入力=[]),
    "no bills": lambda record: record.pop("請求"),
    "a bill without a number": lambda record: record.update(請求={"232017": {}}),
    "no former one": lambda record: record.pop("前の回の指紋"),
    "no program": lambda record: record.pop("プログラム"),
}


@pytest.mark.parametrize("kind", SEALED)
def test_a_sealed_record_of_another_shape_is_none(kind: str) -> None:
    record: dict[str, Any] = {
        "書式": 1,
        "プログラム": "apportion 0",
        "年度": "r7",
        "ケース": "",
        "回": 1,
        "備考": "",
        "日付": "2025-05-30",
        "団体数": 0,
        "負担金額_円": 0,
        "請求": {},
        "入力": {},
        "出力": {},
        "前の回の指紋": "",
    }
    assert issued.from_bytes(issued.to_bytes(record)) is not None
    SEALED[kind](record)
    assert issued.from_bytes(issued.to_bytes(record)) is None


def test_a_note_of_one_cell_below_a_title_is_read(root: Path) -> None:
    table = root / "表.csv"
    table.write_text("人口の表\n団体コード,団体名,人口（人、R2）\n※注\n", "utf-8")
    told = apportion("import", "figures", str(table), "--year", "r7", "--dir", str(root))
    assert told.code == 1
    assert "W843" in told.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.rpartition(",")[0] + "\r\n",
        lambda text: text.rstrip("\r\n") + ",more\r\n",
        lambda text: text + '"',
        lambda text: text.replace("負担金額", "ほか"),
        lambda text: text.replace("_", "/../"),
        lambda _: "",
    ],
    ids=["too short", "too long", "a quote", "another heading", "another folder", "empty"],
)
@pytest.mark.parametrize("name", ["invoices", "charges", "reconciliation"])
def test_spoiled_data_are_named(root: Path, name: str, change: Callable[[str], str]) -> None:
    path = root / f"outputs/r7/data/{name}.csv"
    data = change(path.read_bytes().decode("utf-8-sig")).encode("utf-8-sig")
    if data == path.read_bytes():
        return
    told = spoiled(path, data, lambda: verify(root))
    assert told.code in {1, 3}
    assert path.name in told.stderr
