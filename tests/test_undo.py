"""`undo`: the last import is taken back, all of it or nothing; what changed since is left alone."""

import shutil
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook

from apportion.core.problem import InputError
from apportion.outputs import stage
from apportion.outputs.taken import last, take_back, take_in
from apportion.tables.edit import Replacement
from tests import sealing
from tests.program import apportion
from tests.test_kills import killed

BUDGET, INCOME, FIGURES = "rules/r7/budget.csv", "rules/r7/income.csv", "members/r7/figures.csv"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    return sealing.decided(tmp_path / "council")


def tables(root: Path) -> dict[str, bytes]:
    """Every file but those in 履歴."""
    return {name: data for name, data in sealing.contents(root).items() if "履歴/" not in name}


def counted(root: Path, people: int) -> None:
    """A list of people is taken in as a new column."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["団体コード", "団体名", "人口（人、令和7年1月1日現在）"])
    for code, name in (("990019", "あおば市"), ("990027", "みどり町"), ("990035", "こだま村")):
        sheet.append([code, name, people])
    book.save(root.parent / "人口.xlsx")
    done = apportion(
        *("import", "figures", str(root.parent / "人口.xlsx"), "--year", "r7", "--yes"),
        *("--dir", str(root)),
    )
    assert done.code == 0, done.stderr


def undo(root: Path, *more: str) -> tuple[int, str, str]:
    done = apportion("undo", *more, "--dir", str(root))
    return done.code, done.stdout, done.stderr


def test_imports_are_taken_back_one_by_one(root: Path) -> None:
    first = tables(root)
    counted(root, 40_000)
    second = tables(root)
    assert second != first
    counted(root, 50_000)
    third = tables(root)
    code, said, _ = undo(root)
    assert (code, tables(root)) == (2, third)
    assert "import figures" in said
    assert "members/r7/figures.csv: members/r7/履歴/2/figures.csv に戻します" in said
    assert "戻る行: 990019" in said
    assert "何も書いていません" in said
    for expected in (second, first):
        code, said, _ = undo(root, "--yes")
        assert (code, tables(root)) == (0, expected)
        assert "元に戻しました" in said
    code, _, told = undo(root, "--yes")
    assert (code, "W847" in told, "元に戻すものがありません" in told) == (1, True, True)
    assert (root / "members/r7/履歴/2/取消/figures.csv").read_bytes() == third[FIGURES]
    counted(root, 60_000)
    assert undo(root, "--yes")[0] == 0
    assert tables(root) == first


def test_what_changed_since_is_not_taken_back(root: Path) -> None:
    counted(root, 40_000)
    path = root / FIGURES
    path.write_bytes(path.read_bytes() + b"\r\n")
    before = sealing.contents(root)
    code, _, told = undo(root, "--yes")
    assert (code, "W847" in told, FIGURES in told) == (1, True, True)
    assert sealing.contents(root) == before
    taken = last(root)
    assert taken
    with pytest.raises(InputError):
        take_back(root, taken)
    assert sealing.contents(root) == before


def test_a_copy_that_is_lost_is_told(root: Path) -> None:
    counted(root, 40_000)
    (root / "members/r7/履歴/1/figures.csv").unlink()
    code, _, told = undo(root, "--yes")
    assert (code, "写しが" in told) == (1, True)


def replaced(root: Path) -> None:
    """A budget.xlsx becomes a budget.csv, the income is changed, and a new table is made."""
    new = [
        Replacement(path=root / BUDGET, former=root / "rules/r7/budget.xlsx", data=b"1"),
        Replacement(path=root / INCOME, former=root / INCOME, data=b"2"),
        Replacement(path=root / "rules/r7/new.csv", former=None, data=b"3"),
    ]
    take_in(root, "import budget", new)


def back(root: Path) -> None:
    taken = last(root)
    assert taken
    take_back(root, taken)


@pytest.mark.parametrize("exchanges", [True, False])
@pytest.mark.parametrize("work", [replaced, back])
def test_a_kill_leaves_the_old_or_the_new(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    work: object,
    exchanges: bool,  # noqa: FBT001  whether the system has them
) -> None:
    assert callable(work)
    if not exchanges:
        monkeypatch.setattr(stage, "_exchange", lambda _one, _other: False)
    (root / BUDGET).rename(root / "rules/r7/budget.xlsx")
    states = [tables(root)]
    done = shutil.copytree(root, tmp_path / "done")
    replaced(done)
    states.append(tables(done))
    assert set(states[1].items()) - set(states[0].items()) == {
        (BUDGET, b"1"),
        (INCOME, b"2"),
        ("rules/r7/new.csv", b"3"),
    }
    if work == back:
        root, states = done, states[::-1]
    seen, at = set(), 0
    while True:
        council = shutil.copytree(root, tmp_path / f"{at}")
        came = killed(partial(work, council), at)
        stage.recover(council)
        assert tables(council) in states, at
        seen.add(states.index(tables(council)))
        assert all(path.name[0] != "." for path in council.iterdir())
        if not came:
            break
        at += 1
    assert seen == {0, 1}
