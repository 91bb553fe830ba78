"""LibreOffice, made to compute every formula anew, gets what the workbooks say."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from apportion.core.problem import OutputError, Problem
from apportion.core.year import FiscalYear
from apportion.outcome.outcome import Outcome
from apportion.outputs import office, proof, recalculation
from apportion.outputs.recalculation import Compared, different
from apportion.pipeline import run
from apportion.workbook.sheets import grid
from apportion.workbook.sheets.grid import Value
from tests import workspace
from tests.office import needed
from tests.program import apportion
from tests.test_verify import rewrite
from tests.unit.workbook.odd_council import odd_council

R4 = FiscalYear(2022)
BASE = Path(__file__).parent / "errors" / "base"
OKAZAKI, ICHINOMIYA, SETO, HANDA, KASUGAI = (
    f"{body}_令和7年度負担金.xlsx"
    for body in (
        "232025_岡崎市",
        "232033_一宮市",
        "232041_瀬戸市",
        "232050_半田市",
        "232068_春日井市",
    )
)

INTEGER = re.compile(r'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f><v>)(\d+)(</v></c>)')
TEXT = re.compile(r'(<c r="([A-Z]+\d+)"[^>]* t="str"[^>]*><f>[^<]*</f><v>)([^<]+)(</v></c>)')

Change = Callable[[str], str]


class Recomputed(NamedTuple):
    """A year's folder as written, and a copy in which LibreOffice computed and saved all books."""

    outcome: Outcome
    written: Path
    again: Path


@pytest.fixture(name="recomputed", scope="module", params=["r7", "r4", "odd"])
def fixture_recomputed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Recomputed:
    program = needed()
    again = tmp_path_factory.mktemp("again") / "copy"
    if request.param == "r7":
        root, outcome = request.getfixturevalue("issued")
    elif request.param == "r4":
        root = workspace.copy(tmp_path_factory.mktemp("r4"))
        outcome = run(root, R4)
    else:  # a council with every kind of line
        root = tmp_path_factory.mktemp("odd")
        outcome = run(root, odd_council(root, "議決").year)
    written = root / "outputs" / outcome.year.code
    shutil.copytree(written, again)
    books = sorted(written.rglob("*.xlsx"))
    with office.converted(program, books, "xlsx", recalculated=True) as results:
        for book, result in results.items():
            shutil.copyfile(result, again / book.relative_to(written))
    return Recomputed(outcome, written, again)


def test_every_formula_has_its_value_and_it_is_right(recomputed: Recomputed) -> None:
    books = sorted(recomputed.written.rglob("*.xlsx"))
    assert len(books) > len(recomputed.outcome.members)
    formulas = 0
    for book in books:
        name = book.relative_to(recomputed.written)
        written = grid.read(book)
        assert None not in written.values()
        assert different(str(name), written, grid.read(recomputed.again / name)) == []
        formulas += len(written)
    assert formulas > len(books) * 300


def test_what_libreoffice_computes_are_the_charges(recomputed: Recomputed) -> None:
    charges, bills = proof.charges_of(recomputed.outcome), proof.billed(recomputed.written)
    assert proof.compare(recomputed.again, proof.Bills(charges, bills)) == ()
    (key, yen), *_ = charges.items()
    assert proof.compare(recomputed.again, proof.Bills({**charges, key: yen + 1}, bills))


def in_sheet(pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> Change:
    """Changes the last place in a sheet where the pattern stands."""

    def changed(text: str) -> str:
        found = [*pattern.finditer(text)]
        if not found:
            return text
        last = found[-1]
        return text[: last.start()] + change(last) + text[last.end() :]

    return changed


def value(text: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match[1]}{text}{match[4]}"


PLANTED: Mapping[str, Change] = {
    OKAZAKI: in_sheet(INTEGER, lambda match: f"{match[1]}{int(match[3]) + 1}{match[4]}"),
    ICHINOMIYA: in_sheet(TEXT, value("嘘")),
    SETO: in_sheet(INTEGER, lambda match: re.sub(r"<f>[^<]*", "<f>NOSUCH(1)", match[0])),
    HANDA: in_sheet(INTEGER, lambda match: re.sub(r"<v>\d+</v>", "", match[0])),
    KASUGAI: str,
}


class Planted(NamedTuple):
    folder: Path
    found: tuple[Problem, ...]
    compared: Compared

    def of(self, name: str) -> list[Problem]:
        return [problem for problem in self.found if problem.source.file == f"請求書/{name}"]

    def changed(self, original: Path, name: str) -> set[tuple[str, str]]:
        """Cells that were tampered with."""
        before = grid.read(original / "請求書" / name)
        after = grid.read(self.folder / "請求書" / name)
        return {place for place, stored in after.items() if stored != before[place]}


@pytest.fixture(name="planted", scope="module")
def fixture_planted(
    issued: tuple[Path, Outcome], tmp_path_factory: pytest.TempPathFactory
) -> Planted:
    program = needed()
    folder = tmp_path_factory.mktemp("planted")
    (folder / "請求書").mkdir()
    for name, change in PLANTED.items():
        copy = folder / "請求書" / name
        shutil.copyfile(issued[0] / "outputs/r7/請求書" / name, copy)
        rewrite(copy, change)
    names = [f"請求書/{name}" for name in PLANTED]
    return Planted(folder, *recalculation.compare(folder, names, program))


def places(problems: list[Problem], code: str) -> set[tuple[str, str]]:
    return {(p.source.sheet, p.source.cell) for p in problems if p.code == code}


def test_a_planted_number_is_named_with_its_cell(
    planted: Planted, issued: tuple[Path, Outcome]
) -> None:
    wrong = planted.changed(issued[0] / "outputs/r7", OKAZAKI)
    assert wrong
    assert places(planted.of(OKAZAKI), "W621") == wrong
    told = str(planted.of(OKAZAKI)[0])
    assert re.search(r"ファイル \d+、再計算 \d+", told)
    assert OKAZAKI in told


def test_a_planted_text_is_named_with_its_cell(
    planted: Planted, issued: tuple[Path, Outcome]
) -> None:
    wrong = planted.changed(issued[0] / "outputs/r7", ICHINOMIYA)
    assert wrong
    assert places(planted.of(ICHINOMIYA), "W621") == wrong
    assert "ファイル 「嘘」、再計算 「" in str(planted.of(ICHINOMIYA)[0])


def test_a_formula_that_cannot_be_computed_is_named(planted: Planted) -> None:
    (first, *_) = planted.of(SETO)
    assert first.code == "W622"
    assert "#NAME?" in first.what


def test_a_formula_without_its_value_is_named(
    planted: Planted, issued: tuple[Path, Outcome]
) -> None:
    wrong = planted.changed(issued[0] / "outputs/r7", HANDA)
    assert wrong
    assert places(planted.of(HANDA), "W623") == wrong
    assert {p.code for p in planted.of(HANDA)} == {"W623"}


def test_an_untouched_book_is_not_named_and_all_are_counted(planted: Planted) -> None:
    assert planted.of(KASUGAI) == []
    assert set(planted.compared.files.values()) == {len(PLANTED)}
    read = [grid.read(book) for book in sorted(planted.folder.rglob("*.xlsx"))]
    assert planted.compared.formulas == {"請求書": sum(map(len, read))}


def test_the_command_tells_what_was_compared(tmp_path: Path) -> None:
    needed()
    root = Path(shutil.copytree(BASE, tmp_path / "base"))
    run(root, FiscalYear(2025))
    folder = root / "outputs/r7"
    done = apportion("verify", str(folder), "--dir", str(root), "--recalculate")
    assert done.code == 0, done.stderr
    assert re.search(r"請求書 \d+ ファイル [\d,]+ 式、負担金一覧\.xlsx 1 ファイル", done.stdout)
    summary = folder / "負担金一覧.xlsx"
    rewrite(summary, in_sheet(TEXT, value("嘘")))
    done = apportion("verify", str(folder), "--dir", str(root), "--recalculate")
    assert done.code == 1
    assert "エラー W621" in done.stderr
    assert "W602" not in done.stderr  # the cell is named; that the file changed follows


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (Value("n", "12"), Value("n", "12.0"), True),
        (Value("n", "123456789012345678"), Value("n", "123456789012345679"), False),
        (Value("n", "1E+3"), Value("n", "1000"), True),
        (Value("n", "12"), Value("n", "12.0000000000001"), False),
        (Value("n", "0.3333333333333333"), Value("n", "0.333333333333333"), True),
        (Value("n", "0.333333333333333"), Value("n", "0.333333333333334"), False),
        (Value("n", "0"), Value("n", "-0"), True),
        (Value("n", ""), Value("n", "0"), False),
        (Value("str", "1"), Value("n", "1"), False),
        (Value("str", ""), Value("str", ""), True),
        (Value("str", "一致"), Value("str", "一致 "), False),
        (Value("b", "1"), Value("b", "0"), False),
    ],
)
def test_numbers_are_equal_without_tolerance(one: Value, other: Value, *, equal: bool) -> None:
    assert one.is_same(other) is equal


def test_a_missing_program_is_told_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(office.VARIABLE, str(tmp_path / "soffice"))
    done = apportion("verify", str(tmp_path / "nowhere"), "--recalculate")
    assert done.code == 3
    assert "再計算（--recalculate）には LibreOffice が要ります" in done.stderr
    assert "nowhere" not in done.stderr


def broken_books(folder: Path) -> Iterator[Path]:
    for name, data in (("text.xlsx", b"text"), ("empty.xlsx", b"")):
        (folder / name).write_bytes(data)
        yield folder / name


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for book in broken_books(tmp_path):
        with pytest.raises(OutputError, match=book.name):
            grid.read(book)
