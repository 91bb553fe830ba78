"""PDFs and archives: what is in them, and what happens when LibreOffice is missing or fails."""

import hashlib
import re
import shutil
import stat
import tempfile
import time
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal
from zipfile import ZIP_STORED, ZipFile

import openpyxl
import pandas as pd
import pytest

from apportion import pipeline
from apportion.cli import words
from apportion.core.problem import OutputError
from apportion.core.year import FiscalYear
from apportion.outcome.outcome import Outcome
from apportion.outputs import office, publish
from apportion.outputs.office import repeatable, write_pdfs
from tests import small, workspace
from tests.office import fonts, needed, pages, pdf_text, said
from tests.program import apportion
from tests.test_collected import RULES
from tests.test_meaning import people

R7 = FiscalYear(2025)
BASE = Path(__file__).parent / "errors" / "base"
A4 = "(A4)"
UTF_8 = 0x800
ENGINES: tuple[Literal["openpyxl", "calamine"], ...] = ("openpyxl", "calamine")

Delivered = tuple[Path, Outcome]


@pytest.fixture(name="delivered", scope="module")
def fixture_delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    """The shipped year with PDFs and archives, and its outcome."""
    needed()
    out = tmp_path_factory.mktemp("delivered") / "r7"
    return out, pipeline.run(workspace.SHIPPED, R7, out=out, pdf=True, archives=True)


def pdfs(folder: Path) -> list[Path]:
    return sorted((folder / "請求書").glob("*.pdf"))


def test_each_workbook_has_its_pdf_and_the_manifest_names_all(delivered: Delivered) -> None:
    folder, _ = delivered
    books = sorted((folder / "請求書").glob("*.xlsx"))
    assert [pdf.with_suffix(".xlsx") for pdf in pdfs(folder)] == books
    record = publish.read(folder)
    assert record is not None
    assert record["出力"] == publish.outputs(folder)
    # Those of the members, and that of 負担金一覧.
    assert sum(name.endswith(".pdf") for name in record["出力"]) == len(books) + 1 == 55


def test_the_summary_is_printed_for_those_who_decide(delivered: Delivered) -> None:
    pdf = delivered[0] / "負担金一覧.pdf"
    assert "###" not in pdf_text(pdf)
    for page in pdf_text(pdf).split("\f")[:-1]:
        assert "あいち電子自治体推進協議会 当初予算" in page
        assert "協議会の決定ではありません" in page
    assert {embedded for _, embedded in fonts(pdf)} == {"yes"}
    told = said("pdfinfo", str(pdf))
    assert re.search(
        r"^Title: +あいち電子自治体推進協議会 令和7年度 負担金一覧$", told, re.MULTILINE
    )
    assert re.search(r"^Tagged: +yes$", told, re.MULTILINE)
    assert b"/Lang(ja-JP)" in pdf.read_bytes()


def test_every_page_is_a4_with_its_fonts_inside_and_no_number_too_wide(
    delivered: Delivered,
) -> None:
    for pdf in pdfs(delivered[0]):
        assert "###" not in pdf_text(pdf), pdf.name
        sizes = pages(pdf)
        assert sizes, pdf.name
        assert all(size.endswith(A4) or "841.89 x 595.3" in size for size in sizes), pdf.name
        found = fonts(pdf)
        assert {embedded for _, embedded in found} == {"yes"}, pdf.name
        assert any("BIZUD" in name for name, _ in found), pdf.name


def test_the_form_is_the_first_page_and_no_other(delivered: Delivered) -> None:
    folder, outcome = delivered
    for pdf, member in zip(pdfs(folder), outcome.members, strict=True):
        count = len(pages(pdf))
        texts = pdf_text(pdf).split("\f")[:count]
        heads = [text.split("\n", 1)[0] for text in texts]
        assert heads[:2] == ["令和7年度 負担金", "令和7年度 負担金 内訳"], pdf.name
        assert set(heads[2:]) >= {"令和7年度 負担金 計算のあらまし"}, pdf.name
        assert f"{outcome.total_of(member.code):,}" in texts[0], pdf.name
        for number, text in enumerate(texts, start=1):
            assert re.search(rf"^ *{number} ?/ ?{count} *$", text, re.MULTILINE), pdf.name


def test_a_pdf_is_the_same_bytes_at_another_time_and_in_another_batch(
    delivered: Delivered, tmp_path: Path
) -> None:
    books = sorted((delivered[0] / "請求書").glob("*.xlsx"))[10:13]
    copies = [Path(shutil.copy(book, tmp_path)) for book in books]
    write_pdfs(needed(), copies, R7.first_day)
    for book, copy in zip(books, copies, strict=True):
        assert copy.with_suffix(".pdf").read_bytes() == book.with_suffix(".pdf").read_bytes()


def test_an_archive_holds_what_a_municipality_gets(delivered: Delivered) -> None:
    folder, outcome = delivered
    archives = sorted((folder / "送付").iterdir())
    assert len(archives) == len(outcome.members)
    for path in archives:
        with ZipFile(path) as packed:
            assert packed.testzip() is None
            own = [f"{path.stem}.pdf", f"{path.stem}.xlsx"]
            whole = "計算書_令和7年度負担金.xlsx"
            assert packed.namelist() == [*own, whole]
            for info in packed.infolist():
                at = f"請求書/{info.filename}" if info.filename in own else "計算書.xlsx"
                assert packed.read(info) == (folder / at).read_bytes()
                assert info.flag_bits & UTF_8
                assert info.compress_type == ZIP_STORED
                assert info.date_time == (2025, 4, 1, 0, 0, 0)
                assert unicodedata.is_normalized("NFC", info.filename)


def test_the_bill_to_a_lead_goes_with_the_calculations_of_its_group(tmp_path: Path) -> None:
    small.write(tmp_path, RULES, {"運営費": 301}, people(A市=5, B町=3, C村=2))
    pipeline.run(tmp_path, small.R7, archives=True)
    sent = {}
    for path in (tmp_path / "outputs/r7/送付").iterdir():
        with ZipFile(path) as packed:
            sent[path.stem] = packed.namelist()
    a, b, c = (
        f"{small.code(n)}_{name}_令和7年度負担金"
        for n, name in enumerate(("A市", "B町", "C村"), start=1)
    )
    whole = "計算書_令和7年度負担金.xlsx"
    assert sent == {
        a: [f"{a}.xlsx", whole],
        b: [f"{b}.xlsx", f"{b}_請求.xlsx", f"{c}.xlsx", whole],
        c: [f"{c}.xlsx", whole],
    }


def test_only_what_is_its_own_goes_to_a_member_where_the_council_says_so(tmp_path: Path) -> None:
    rules = f"{RULES}\n■請求書\n指標一覧: 自団体のみ\n"
    small.write(tmp_path, rules, {"運営費": 301}, people(A市=5, B町=3, C村=2))
    pipeline.run(tmp_path, small.R7, archives=True)
    for path in (tmp_path / "outputs/r7/送付").iterdir():
        with ZipFile(path) as packed:
            assert "計算書.xlsx" not in packed.namelist()


def test_two_runs_two_seconds_apart_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        arguments = ("--year", "r7", "--dir", str(workspace.SHIPPED), "--zip")
        done = apportion("run", *arguments, "--out", str(tmp_path / name))
        assert done.code == 0, done.stderr
        time.sleep(2)  # the clocks of zip and of LibreOffice tick every two seconds
    one, other = publish.outputs(tmp_path / "one"), publish.outputs(tmp_path / "other")
    assert one == other
    assert sum(name.startswith("送付/") for name in one) == 54
    records = [(tmp_path / name / publish.NAME).read_bytes() for name in ("one", "other")]
    assert records[0] == records[1]


def test_other_programs_read_numbers_and_not_blanks(issued: tuple[Path, Outcome]) -> None:
    root, outcome = issued
    folder = root / "outputs/r7"
    code = "232017"
    own = outcome.total_of(code)
    (invoice,) = (folder / "請求書").glob(f"{code}_*.xlsx")
    expected = {
        (invoice, "通知"): own,
        (invoice, "内訳"): own,
        (folder / "負担金一覧.xlsx", "総括"): outcome.total,
    }
    for (path, sheet), yen in expected.items():
        book = openpyxl.load_workbook(path, data_only=True)
        cells = {value for row in book[sheet].iter_rows(values_only=True) for value in row}
        assert yen in cells, (path.name, sheet)
        for engine in ENGINES:
            frame = pd.read_excel(path, sheet_name=sheet, header=None, engine=engine)
            assert (frame == yen).to_numpy().any(), (path.name, sheet, engine)


# What happens without LibreOffice, and when it fails.


def test_a_missing_program_is_told_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(office.VARIABLE, str(tmp_path / "soffice"))
    done = apportion("run", "--year", "r7", "--dir", str(tmp_path), "--pdf")
    assert done.code == 3
    assert "PDF（--pdf）には LibreOffice が要りますが" in done.stderr
    assert f"APPORTION_SOFFICE の「{tmp_path / 'soffice'}」はプログラムでは" in done.stderr
    assert "直すか、消してください" in done.stderr
    assert "rules/r7" not in done.stderr
    assert done.stdout == ""


def test_a_program_is_found_where_it_installs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(office.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_PLACES", (str(tmp_path / "LibreOffice.app"),))
    with pytest.raises(OutputError, match="LibreOffice を入れてください"):
        office.required("PDF")
    (tmp_path / "LibreOffice.app").touch()
    assert office.find() == tmp_path / "LibreOffice.app"
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    windows = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    windows.parent.mkdir(parents=True)
    windows.touch()
    assert office.find() == windows
    on_path = program(tmp_path, "exit 0")
    assert office.find() == on_path
    monkeypatch.setenv(office.VARIABLE, str(windows))
    assert office.find() is None  # it is no program here
    windows.chmod(stat.S_IRWXU)
    assert office.find() == windows


def program(folder: Path, body: str) -> Path:
    """A soffice that does as the test says; its results folder is `results`."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(stat.S_IRWXU)
    return path


@pytest.fixture(name="council")
def fixture_council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small workspace that was run once; temporary files of the test are in `tmp_path/tmp`."""
    root = Path(shutil.copytree(BASE, tmp_path / "council"))
    pipeline.run(root, R7)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return root


FAILURES = {
    "crash": ("echo 'Fatal exception: Signal 11' >&2; exit 139", "Signal 11"),
    "torn": ("echo 'soffice: oosplash: not found' >&2; exit 127", "修復するか入れ直して"),
    "silent": ("exit 0", "変換できませんでした（LibreOffice の表示: なし）"),
    "half": ("touch results/0.pdf; exit 0", "変換できませんでした"),
    "stuck": (
        "(while :; do date +%N > ../../../beat; sleep 0.02; done) & wait",
        "秒のあいだ進みません",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_told_and_leaves_the_former_outputs(
    failure: str, council: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, told = FAILURES[failure]
    before = publish.outputs(council / "outputs/r7")
    monkeypatch.setattr(office, "PATIENCE", 0.5)
    monkeypatch.setenv(office.VARIABLE, str(program(tmp_path, body)))
    with pytest.raises(OutputError, match="前の出力はそのままです") as caught:
        pipeline.run(council, R7, pdf=True)
    assert told in str(caught.value)
    assert publish.outputs(council / "outputs/r7") == before
    assert [path.name for path in (council / "outputs").iterdir()] == ["r7"]
    assert list((tmp_path / "tmp").iterdir()) == []


def test_nothing_of_a_stuck_program_runs_on(
    council: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "PATIENCE", 0.5)
    monkeypatch.setenv(office.VARIABLE, str(program(tmp_path, FAILURES["stuck"][0])))
    with pytest.raises(OutputError):
        pipeline.run(council, R7, pdf=True)
    beat = tmp_path / "beat"
    last = beat.read_text(encoding="utf-8")
    time.sleep(0.3)
    assert beat.read_text(encoding="utf-8") == last


def test_a_program_that_does_not_start_is_told(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.touch()
    start = office.converted(tmp_path / "nosuch", [book], "pdf")
    with (
        pytest.raises(OutputError, match=f"(?s)が動きません.*入れ直して.*{office.VARIABLE}"),
        start,
    ):
        pass


def test_two_processes_share_the_files_and_every_result_is_told(tmp_path: Path) -> None:
    books = [tmp_path / f"{number}冊目.xlsx" for number in range(5)]
    for book in books:
        book.write_text(book.name, encoding="utf-8")
    body = (
        'for book in *.xlsx; do cp $book "results/${book%.xlsx}.pdf"; sleep 0.1; done\n'
        f'echo "$1" >> {tmp_path}/profiles'
    )
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))

    with office.converted(program(tmp_path, body), books, "pdf", hear=tell) as results:
        texts = {book: result.read_text(encoding="utf-8") for book, result in results.items()}
    assert texts == {book: book.name for book in books}
    assert told[-1] == (5, 5)
    profiles = (tmp_path / "profiles").read_text(encoding="utf-8").split()
    assert len(set(profiles)) == 2
    assert all(name.startswith("-env:UserInstallation=file:///") for name in profiles)


def test_only_the_screen_does_not_go_with_files() -> None:
    for option in ("--pdf", "--zip"):
        done = apportion("run", "--year", "r7", "--only", "施設予約", option)
        assert done.code == 2
        assert "--only は表示だけなので" in done.stderr


# Parts of a PDF that change with the clock, and the rest.

_PDF = (
    b"%PDF-1.6\n/CreationDate(D:20261122115533Z')>>\n"
    b"trailer\n<</Size 47\n/ID [ <A6F210468970E7B7E8BDF331935A202B>\n"
    b"<A6F210468970E7B7E8BDF331935A202B> ]\n/DocChecksum /D95DB700F3CA4810A6CB81CC7C68AE8B\n"
)


def test_the_clock_is_taken_out_of_a_pdf() -> None:
    fixed = repeatable(_PDF, date(2025, 4, 1))
    assert len(fixed) == len(_PDF)
    assert b"/CreationDate(D:20250401000000Z')" in fixed
    later = _PDF.replace(b"1155", b"1156").replace(b"A6F2", b"0123").replace(b"D95D", b"4567")
    assert repeatable(later, date(2025, 4, 1)) == fixed
    assert repeatable(_PDF.replace(b"47", b"48"), date(2025, 4, 1))[-40:] != fixed[-40:]
    nobody = fixed.replace(fixed[-33:-1], b"0" * 32)
    assert fixed[-33:-1] == hashlib.sha256(nobody).hexdigest()[:32].upper().encode()


@pytest.mark.parametrize(
    ("terminal", "told"), [(True, "PDF: 2 / 4 ファイル\nPDF: 4 / 4 ファイル\n"), (False, "")]
)
def test_progress_is_told_after_two_seconds_and_then_now_and_again_on_a_terminal(
    terminal: bool,  # noqa: FBT001  a case
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = iter((0.0, 1.0, 2.5, 3.0, 5.0))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    tell: Callable[[int, int], None] = words.Progress("PDF")
    for done in (1, 2, 3, 4):
        tell(done, 4)
    assert capsys.readouterr().err == told
