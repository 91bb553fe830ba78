"""IronCalc and LibreOffice, which compute every formula anew, get what the workbooks say."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import ironcalc
import pytest

from apportion.core.problem import Level, OutputError, Problem
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.outcome import Outcome
from apportion.outputs import engines, office, proof, recalculation
from apportion.outputs.engines import Cells, Engine, IronCalc, LibreOffice, Unread
from apportion.outputs.office import silent
from apportion.outputs.recalculation import Compared, different
from apportion.pipeline import run, run_settlement, verify
from apportion.workbook.sheets import grid
from apportion.workbook.sheets.grid import Value
from apportion.years.begin import starter
from tests import settling, small, workspace
from tests.office import needed
from tests.program import apportion
from tests.rich_template import changed, plain
from tests.test_verify import rewrite
from tests.unit.workbook.council import council
from tests.unit.workbook.odd_council import odd_council

R4, R7 = FiscalYear(2022), FiscalYear(2025)
IRONCALC, LIBREOFFICE = "IronCalc", "LibreOffice"
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


def programs(*names: str) -> Sequence[Engine]:
    made: dict[str, Callable[[], Engine]] = {
        IRONCALC: lambda: IronCalc(ironcalc.__version__),
        LIBREOFFICE: lambda: LibreOffice(needed()),
    }
    return [made[name]() for name in names]


def by_ironcalc(*books: Path) -> list[Cells | Unread]:
    (program,) = programs(IRONCALC)
    with program.computed(books, silent) as computed:
        return [*computed.books]


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
    for book, other in zip(books, by_ironcalc(*books), strict=True):
        name = book.relative_to(recomputed.written)
        written = grid.read(book)
        assert None not in written.values()
        computed = {IRONCALC: other, LIBREOFFICE: grid.read(recomputed.again / name)}
        assert different(str(name), written, computed) == ([], 0)
        formulas += len(written)
    assert formulas > len(books) * 100


def first(root: Path) -> Path:
    starter.init(root, starter.COUNCIL)
    return Path("outputs", run(root, starter.YEAR).year.code)


def revised(root: Path) -> Path:
    """A 補正 that asks for more, and two names that differ in upper and lower case alone."""
    rules = "■経費 Web費\n負担割合: 人口割\n■経費 WEB費\n負担割合: 均等割\n"
    small.write(root, rules, {"Web費": 100_000, "WEB費": 50_000}, settling.FIGURES)
    small.revise(root, 1, {"Web費": 20_000}, day="令和7年11月20日")
    run(root, R7, edition=Edition(1))
    return Path("outputs/r7-補正1")


def settled(root: Path) -> Path:
    settling.worked(root)
    run_settlement(root, R7)
    return Path("outputs/r7-精算")


@pytest.mark.parametrize("made", [first, revised, settled])
def test_both_programs_get_what_each_kind_of_papers_says(
    made: Callable[[Path], Path], tmp_path: Path
) -> None:
    needed()
    problems, said = verify(tmp_path / made(tmp_path), tmp_path, recalculate=True)
    assert problems == ()
    found = re.search(
        r"IronCalc ([0-9.]+) と LibreOffice [0-9.]+ ですべての式を計算し直した値とも一致", said
    )
    assert found
    assert found[1] == ironcalc.__version__
    assert "片方" not in said


def test_what_libreoffice_computes_are_the_charges(recomputed: Recomputed) -> None:
    charges, bills = proof.charges_of(recomputed.outcome), proof.billed(recomputed.written)
    assert proof.compare(recomputed.again, proof.Bills(charges, bills)) == ()
    (key, yen), *_ = charges.items()
    assert proof.compare(recomputed.again, proof.Bills({**charges, key: yen + 1}, bills))


@pytest.mark.parametrize("year", [2021, 2024])
def test_ironcalc_alone_proves_the_other_years(year: int, tmp_path: Path) -> None:
    code = run(workspace.copy(tmp_path), FiscalYear(year)).year.code
    folder = tmp_path / "outputs" / code
    names = [str(book.relative_to(folder)) for book in sorted(folder.rglob("*.xlsx"))]
    problems, compared = recalculation.compare(folder, names, programs(IRONCALC))
    assert problems == ()
    assert sum(compared.files.values()) == len(names)
    assert sum(compared.formulas.values()) > 10_000


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


@pytest.fixture(
    name="planted",
    scope="module",
    params=[(IRONCALC,), (LIBREOFFICE,), (IRONCALC, LIBREOFFICE)],
    ids=" ".join,
)
def fixture_planted(
    request: pytest.FixtureRequest,
    issued: tuple[Path, Outcome],
    tmp_path_factory: pytest.TempPathFactory,
) -> Planted:
    chosen = programs(*request.param)
    folder = tmp_path_factory.mktemp("planted")
    (folder / "請求書").mkdir()
    for name, change in PLANTED.items():
        copy = folder / "請求書" / name
        shutil.copyfile(issued[0] / "outputs/r7/請求書" / name, copy)
        rewrite(copy, change)
    names = [f"請求書/{name}" for name in PLANTED]
    return Planted(folder, *recalculation.compare(folder, names, chosen))


def places(problems: list[Problem], code: str) -> set[tuple[str, str]]:
    return {(p.source.sheet, p.source.cell) for p in problems if p.code == code}


def test_a_planted_number_is_named_with_its_cell(
    planted: Planted, issued: tuple[Path, Outcome]
) -> None:
    wrong = planted.changed(issued[0] / "outputs/r7", OKAZAKI)
    assert wrong
    assert places(planted.of(OKAZAKI), "W621") == wrong
    told = str(planted.of(OKAZAKI)[0])
    each = "、".join(rf"{name.split()[0]} \d+" for name in planted.compared.programs)
    assert re.search(rf"（ファイル \d+、{each}）", told)
    assert OKAZAKI in told


def test_a_planted_text_is_named_with_its_cell(
    planted: Planted, issued: tuple[Path, Outcome]
) -> None:
    wrong = planted.changed(issued[0] / "outputs/r7", ICHINOMIYA)
    assert wrong
    assert places(planted.of(ICHINOMIYA), "W621") == wrong
    program = planted.compared.programs[0].split()[0]
    assert f"ファイル 「嘘」、{program} 「" in str(planted.of(ICHINOMIYA)[0])


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


FORGED = {
    "another": r"\g<1><v>7654.321</v>",
    "none": r"\g<1>",
    "text": r"\g<1><v>嘘</v>",
}


@pytest.mark.parametrize("stored", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("name", ["計算書.xlsx", "負担金一覧.xlsx", f"請求書/{OKAZAKI}"])
def test_ironcalc_looks_at_no_value_that_is_stored(
    name: str, stored: str, issued: tuple[Path, Outcome], tmp_path: Path
) -> None:
    """Every stored value is another one, or gone: what it gets is what was there before."""
    written = issued[0] / "outputs/r7" / name
    forged = tmp_path / "forged.xlsx"
    shutil.copyfile(written, forged)
    rewrite(forged, lambda sheet: re.sub(r"(</f>)<v>[^<]*</v>", stored, sheet))
    before, after = grid.read(written), grid.read(forged)
    assert all(after[place] != stored for place, stored in before.items())
    (computed,) = by_ironcalc(forged)
    assert not isinstance(computed, Unread)
    assert different(name, before, {IRONCALC: computed}) == ([], 0)


def test_ironcalc_is_silent_about_a_book_that_it_cannot_open(
    issued: tuple[Path, Outcome], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole, torn, other = (tmp_path / f"{n}.xlsx" for n in range(3))
    for copy in (whole, torn, other):
        shutil.copyfile(issued[0] / "outputs/r7/請求書" / OKAZAKI, copy)
    edit_part(torn, "xl/_rels/workbook.xml.rels", 'Id="rId3"', 'Id="rId99"')
    rewrite(other, lambda sheet: re.sub(r"<f>[^<]*", '<f t="dataTable" ref="A1" r1="B1">', sheet))
    first, *others = by_ironcalc(whole, torn, other)
    assert not isinstance(first, Unread)
    assert all(isinstance(one, Unread) and one.said for one in others)
    assert capfd.readouterr() == ("", "")


def edit_part(book: Path, part: str, old: str, new: str) -> None:
    changes = {part: (old.encode(), new.encode())}
    book.write_bytes(changed(book.read_bytes(), changes))


@pytest.mark.parametrize("program", ["import os; os.abort()", "import sys; sys.stdin.read()"])
def test_a_death_of_ironcalc_is_told(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text(program, encoding="utf-8")
    monkeypatch.setattr(engines, "_PROGRAM", dying)
    with pytest.raises(OutputError, match=r"IronCalc が a\.xlsx で止まりました"):
        by_ironcalc(tmp_path / "a.xlsx", tmp_path / "b.xlsx")


NUMBER, OTHER, UNKNOWN = Value("n", "3"), Value("n", "4"), Value("e", "#NAME?")
SHEET = ("通知", "B2")


@pytest.mark.parametrize(
    ("own", "second", "code", "shown"),
    [
        (NUMBER, NUMBER, "", ""),
        (OTHER, NUMBER, "W621", "ファイル 3、IronCalc 4、LibreOffice 3"),
        (NUMBER, OTHER, "W621", "ファイル 3、IronCalc 3、LibreOffice 4"),
        (UNKNOWN, OTHER, "W621", "ファイル 3、IronCalc #NAME?、LibreOffice 4"),
        (UNKNOWN, None, "W622", "ファイル 3、IronCalc #NAME?、LibreOffice 式がありません"),
        (UNKNOWN, NUMBER, "W624", "ファイル 3、IronCalc #NAME?、LibreOffice 3"),
        (NUMBER, UNKNOWN, "W624", "ファイル 3、IronCalc 3、LibreOffice #NAME?"),
        (Unread("data table"), NUMBER, "W624", "IronCalc がブックを開けないので、ほかの"),
        (Unread("data table"), OTHER, "W621", "ファイル 3、LibreOffice 4"),
    ],
)
def test_both_programs_must_agree(
    own: Value | Unread | None, second: Value | None, code: str, shown: str
) -> None:
    mine: Cells | Unread = own if isinstance(own, Unread) else {SHEET: own}
    found, alone = different(
        "a.xlsx", {SHEET: NUMBER}, {IRONCALC: mine, LIBREOFFICE: {SHEET: second}}
    )
    assert [problem.code for problem in found][-1:] == ([code] if code else [])
    assert shown in "".join(problem.what for problem in found)
    assert alone == (code == "W624" or isinstance(own, Unread))


def test_a_book_that_no_program_opens_is_an_error() -> None:
    (found,), alone = different("a.xlsx", {SHEET: NUMBER}, {IRONCALC: Unread("panic")})
    assert (found.code, alone) == ("W622", 0)
    assert "IronCalc の表示: panic" in found.what


def test_of_very_many_formulas_the_first_are_told() -> None:
    written: Cells = {("通知", f"A{row}"): NUMBER for row in range(1, 31)}
    again: Cells = dict.fromkeys(written, UNKNOWN)
    found, alone = different("a.xlsx", written, {IRONCALC: again, LIBREOFFICE: written})
    assert ({problem.code for problem in found}, len(found), alone) == ({"W624"}, 10, 30)


def test_a_formula_of_the_form_that_one_program_lacks_is_only_told(tmp_path: Path) -> None:
    """JIS is a function of Japanese programs; a text that changed in the same file is told too."""
    needed()
    council(tmp_path)
    form = tmp_path / "rules/様式/通知.xlsx"
    form.parent.mkdir()
    form.write_bytes(plain(lambda _, sheet: sheet.write_formula("B1", '=JIS("a")', None, "ａ")))
    common = tmp_path / "rules/r7/00.txt"
    common.write_text(f"{common.read_text('utf-8')}\n■請求書\n様式: 通知.xlsx\n", encoding="utf-8")
    run(tmp_path, R7)
    folder = tmp_path / "outputs/r7"
    problems, said = verify(folder, tmp_path, recalculate=True)
    assert {(p.code, p.level) for p in problems} == {("W624", Level.WARNING)}
    assert said.endswith("3 式は、片方だけで確かめました。")
    book = next((folder / "請求書").glob("*.xlsx"))
    rewrite(book, lambda sheet: sheet.replace("</sheetData>", "</sheetData> "))
    problems, _ = verify(folder, tmp_path, recalculate=True)
    assert {p.code for p in problems if p.source.file.endswith(book.name)} == {"W602", "W624"}


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


def test_a_program_that_is_named_and_missing_is_told_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(office.VARIABLE, str(tmp_path / "soffice"))
    done = apportion("verify", str(tmp_path / "nowhere"), "--recalculate")
    assert done.code == 3
    assert "再計算（--recalculate）には LibreOffice が要りますが、環境変数" in done.stderr
    assert "nowhere" not in done.stderr


def test_one_program_is_enough_and_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find", lambda: None)
    monkeypatch.delenv(office.VARIABLE, raising=False)
    assert [engine.name for engine in engines.found("再計算")] == [IRONCALC]
    monkeypatch.setitem(sys.modules, "ironcalc", None)  # as where it is not installed
    with pytest.raises(OutputError) as none:
        engines.found("再計算")
    assert "再計算には、式を計算するプログラム IronCalc か LibreOffice が要りますが" in str(
        none.value
    )
    assert f"直し方: {sys.executable} -m pip install ironcalc~=0.9.1 で" in str(none.value)
    assert "apt install libreoffice-calc" in str(none.value)
    monkeypatch.setattr(office, "find", lambda: Path("soffice"))
    assert [engine.name for engine in engines.found("再計算")] == [LIBREOFFICE]


def broken_books(folder: Path) -> Iterator[Path]:
    for name, data in (("text.xlsx", b"text"), ("empty.xlsx", b"")):
        (folder / name).write_bytes(data)
        yield folder / name


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for book in broken_books(tmp_path):
        with pytest.raises(OutputError, match=book.name):
            grid.read(book)
