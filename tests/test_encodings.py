"""However a file is saved, it means the same."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from apportion.core.year import FiscalYear
from apportion.outcome.computation import Examined, conclude, examine
from apportion.outcome.workspace import load
from tests.drawn import png
from tests.properties import council

R7 = FiscalYear(2025)
RULES, TABLE = "rules/r7/10.txt", "members/r7/figures.csv"
COMMON = "rules/r7/00.txt"
NOTICE = "W141"

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "utf-16 LE": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16 BE": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "cp932": lambda text: text.encode("cp932"),
}
ENDS = ("\n", "\r\n")


def read(root: Path, name: str, data: bytes) -> Examined:
    (root / name).write_bytes(data)
    return examine(load(root, R7))


def yen(examined: Examined) -> list[tuple[str, int]]:
    return [(charge.member.code, charge.yen) for charge in conclude(examined).charges]


@pytest.mark.parametrize("end", ENDS, ids=["LF", "CRLF"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", [RULES, TABLE])
def test_one_model_however_it_is_saved(tmp_path: Path, name: str, encoding: str, end: str) -> None:
    plain = examine(load(council.write(tmp_path), R7))
    text = council.FILES[name].replace("\n", end)
    saved = read(tmp_path, name, ENCODINGS[encoding](text))
    assert saved.workspace.tables == plain.workspace.tables
    assert saved.workspace.book == plain.workspace.book
    assert yen(saved) == yen(plain)
    notices = [NOTICE] if encoding == "cp932" else []
    told = [problem.code for problem in plain.problems]
    assert [problem.code for problem in saved.problems] == [*notices, *told]


@pytest.mark.parametrize("end", ENDS, ids=["LF", "CRLF"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_one_place_of_a_fault(tmp_path: Path, encoding: str, end: str) -> None:
    council.write(tmp_path)
    wrong = council.FILES[RULES].replace("均等割30%", "均等割40%")
    plain = read(tmp_path, RULES, wrong.encode())
    saved = read(tmp_path, RULES, ENCODINGS[encoding](wrong.replace("\n", end)))
    assert [str(p) for p in saved.problems if p.code != NOTICE] == list(map(str, plain.problems))
    assert [p.code for p in plain.problems] == ["W209"]


def test_a_file_named_by_a_mac_is_found(tmp_path: Path) -> None:
    council.write(tmp_path)
    with (tmp_path / COMMON).open("a", encoding="utf-8") as rules:
        rules.write("公印画像: がぎぐ.png\n")
    (tmp_path / "rules/様式").mkdir(parents=True, exist_ok=True)
    (tmp_path / "rules/様式" / unicodedata.normalize("NFD", "がぎぐ.png")).write_bytes(png())
    (tmp_path / "rules/様式/._がぎぐ.png").write_bytes(b"\0\5\x16\7")
    found = load(tmp_path, R7)
    assert found.attached == {"rules/様式/がぎぐ.png": png()}
