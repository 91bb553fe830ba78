"""`apportion fmt`: rule files in their one spelling, and never another amount."""

from pathlib import Path

import pytest

from apportion.cli import app, guarded
from apportion.cli.options import DONE, NO_ACCESS, WRONG_INPUT, WRONG_USAGE
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outputs import stage
from tests import workspace
from tests.program import apportion

RULES = Path("rules/r7")
PROJECT = RULES / "10_denshi_shinsei.txt"
YEARS = sorted(path.name for path in (workspace.SHIPPED / "rules").glob("r*"))
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_FREE = ("根拠", "備考", "※")


def careless(path: Path) -> None:
    """Write a rule file as an input method in full width would, with nothing else changed."""
    block, lines = "", []
    for line in path.read_bytes().decode("utf-8-sig").split("\r\n"):
        block = line[1:].split(" ")[0] if line.startswith("■") else block
        free = line.startswith(_FREE) or (block == "請求書" and not line.startswith("■"))
        lines.append(line if free else line.translate(_WIDE).replace(" ", "　"))
        lines += [] if line else ["　"]
    path.write_bytes("\r\n".join(lines).encode("utf-8-sig"))


def amounts(root: Path, year: FiscalYear) -> list[tuple[str, tuple[str, str], int]]:
    found = compute(root, year).charges
    return [(charge.member.code, charge.line.key, charge.yen) for charge in found]


def test_the_shipped_rules_are_canonical() -> None:
    done = apportion("fmt", "--check", "--dir", str(workspace.SHIPPED))
    assert (done.code, done.stderr) == (DONE, "")
    count = len([*(workspace.SHIPPED / "rules").glob("r*/*.txt")])
    assert done.stdout == f"{count} ファイルの書き方は、すべてそろっています。\n"
    assert YEARS[-1] == "r7"


@pytest.mark.parametrize("year", YEARS)
def test_carelessly_written_rules_come_back_to_the_byte(year: str, tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    of_year = FiscalYear.parse(year)
    assert of_year is not None
    files = {path: path.read_bytes() for path in (root / "rules" / year).glob("*.txt")}
    before = amounts(root, of_year)
    for path, written in files.items():
        careless(path)
        assert path.read_bytes() != written
    assert amounts(root, of_year) == before
    assert apportion("fmt", "--year", year, "--dir", str(root)).code == DONE
    assert {path: path.read_bytes() for path in files} == files
    assert amounts(root, of_year) == before


def test_check_names_the_file_and_its_first_line_and_writes_nothing(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    path = root / PROJECT
    workspace.edit(path, "負担割合: 県に 25%", "負担割合：県に　２５パーセント")
    before = path.read_bytes()
    done = apportion("fmt", "--year", "r7", "--check", "--dir", str(root))
    assert done.code == WRONG_INPUT
    assert done.stdout == f"そろっていないファイル（1）: {PROJECT.as_posix()}\n"
    assert done.stderr.startswith("注意 W248: 書き方がそろっていません。\n")
    assert f"場所: {PROJECT.as_posix()}  16行目 1文字目" in done.stderr
    assert "次の行に直してください: 負担割合: 県に 25%" in done.stderr
    assert path.read_bytes() == before


def test_a_file_with_errors_is_not_touched_and_the_others_are(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    wrong, careless_file = root / RULES / "20_shisetsu_yoyaku.txt", root / PROJECT
    workspace.edit(wrong, "均等割 30% + 人口割 70%", "均等割 30%＋人口割 60%")
    shipped, faulty = careless_file.read_bytes(), wrong.read_bytes()
    careless_file.write_bytes(shipped.replace(b" 25%", "　２５％".encode()))
    done = apportion("fmt", "--year", "r7", "--dir", str(root))
    assert done.code == WRONG_INPUT
    assert "W209" in done.stderr
    assert done.stdout == (
        f"書き直しました: {PROJECT.as_posix()}\n"
        f"誤りがあるので、そのままにしました: {wrong.relative_to(root).as_posix()}\n"
        "6 ファイルのうち 1 ファイルを書き直しました。\n"
    )
    assert wrong.read_bytes() == faulty
    assert careless_file.read_bytes() == shipped
    checked = apportion("fmt", "--year", "r7", "--check", "--dir", str(root))
    assert checked.code == WRONG_INPUT
    assert "W209" in checked.stderr


def test_names_of_the_common_file_are_known(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    common, path = root / RULES / "00_common.txt", root / RULES / "20_shisetsu_yoyaku.txt"
    common.write_bytes(
        common.read_bytes() + "\r\n■グループ 海にある市\r\n団体: 半田市\r\n".encode()
    )
    workspace.edit(path, "割合: 均等割 30% +", "割合: 海にある市に均等割 30%＋")
    assert apportion("fmt", "--year", "r7", "--dir", str(root)).code == DONE
    assert "割合: 「海にある市」に 均等割 30% + 人口割 70%\r\n".encode() in path.read_bytes()


def test_a_cp932_file_becomes_utf_8(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    path = root / PROJECT
    shipped = path.read_bytes()
    path.write_bytes(shipped.decode("utf-8-sig").encode("cp932"))
    assert "文字コードか改行" in apportion("fmt", "--check", str(path), "--dir", str(root)).stderr
    done = apportion("fmt", PROJECT.as_posix(), "--dir", str(root))
    assert done.code == DONE
    assert "お知らせ W249: シフトJISのファイルを UTF-8（BOM付き）に改めました。" in done.stderr
    assert path.read_bytes() == shipped
    assert list(path.parent.glob("*作成中*")) == []


def test_a_file_elsewhere_needs_its_year(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path / "council")
    plan = tmp_path / "案1.txt"
    plan.write_bytes((root / PROJECT).read_bytes().replace(b" 25%", b"25%"))
    refused = apportion("fmt", str(plan), "--dir", str(root))
    assert (refused.code, refused.stderr) == (
        WRONG_USAGE,
        f"「{plan}」の年度が分かりません。--year r7 のように書いてください。\n",
    )
    assert apportion("fmt", str(plan), "--year", "r7", "--dir", str(root)).code == DONE
    assert plan.read_bytes() == (root / PROJECT).read_bytes()


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    missing = apportion("fmt", "rules/r7/ない.txt", "--dir", str(root))
    assert missing.code == NO_ACCESS
    assert "rules/r7/ない.txt を読めません" in missing.stderr
    (root / "members/r7/roster.csv").unlink()
    no_names = apportion("fmt", "--year", "r7", "--dir", str(root))
    assert no_names.code == WRONG_INPUT
    assert "W102" in no_names.stderr


def test_a_disk_that_refuses_keeps_all_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second of two: the first one is put back."""
    root = workspace.copy(tmp_path)
    paths = [root / PROJECT, root / RULES / "20_shisetsu_yoyaku.txt"]
    for path in paths:
        path.write_bytes(path.read_bytes().replace(b"%", b" %"))
    before = [path.read_bytes() for path in paths]
    swap = vars(stage)["_swap"]

    def refuse(move: tuple[Path, Path], undo: list[object]) -> None:
        if move[1] == paths[1]:
            raise PermissionError(13, "Permission denied")
        swap(move, undo)

    monkeypatch.setattr(stage, "_swap", refuse)
    words = ["fmt", "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app(words, standalone_mode=False)) == NO_ACCESS
    said = capsys.readouterr()
    assert said.out == ""
    assert "前のファイルはそのままです" in said.err
    assert "ほかのソフトで開いていれば閉じ" in said.err
    assert [path.read_bytes() for path in paths] == before
    assert list(root.rglob("*作成中*")) == []


def test_a_link_stays_and_whoever_may_write_the_file_still_may(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path / "council")
    path, elsewhere = root / PROJECT, tmp_path / "共有" / "10.txt"
    shipped = path.read_bytes()
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(shipped.replace(b" 25%", b"25%"))
    elsewhere.chmod(0o660)
    path.unlink()
    path.symlink_to(elsewhere)
    assert apportion("fmt", "--year", "r7", "--dir", str(root)).code == DONE
    assert path.is_symlink()
    assert elsewhere.read_bytes() == shipped
    assert elsewhere.stat().st_mode & 0o777 == 0o660
    assert [file.name for file in elsewhere.parent.iterdir()] == ["10.txt"]
