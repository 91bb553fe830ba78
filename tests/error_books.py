"""Workbooks and other bytes of the cases in tests/errors, which a text file cannot hold."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests import error_templates
from tests.drawn import png

BASE = Path(__file__).parent / "errors" / "base"
SHEET = "xl/worksheets/sheet1.xml"
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

Change = Callable[[Worksheet], object]


def book(name: str, change: Change = lambda _: None) -> bytes:
    """The base table `name` as a workbook of one sheet 表, its digits as numbers, then changed."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "表"
    for line in (BASE / f"{name}.csv").read_text(encoding="utf-8").splitlines():
        sheet.append([int(text) if text.isdecimal() else text or None for text in line.split(",")])
    change(sheet)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def budget(change: Change = lambda _: None) -> bytes:
    """The budget as a workbook: 予算額（円） is column E, 利用料 row 2, 事務費 row 3."""
    return book("rules/r7/budget", change)


def put(place: str, value: str | float | date | CellRichText) -> Change:
    """One cell set."""

    def change(sheet: Worksheet) -> None:
        sheet[place] = value

    return change


def with_part(name: str, part: bytes) -> bytes:
    """The budget with one more part in its archive."""
    buffer = io.BytesIO(budget())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return buffer.getvalue()


def with_xml(old: bytes, new: bytes, *, part: str = SHEET) -> bytes:
    """The budget with one place of its XML changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(budget())) as archive, zipfile.ZipFile(target, "w") as changed:
        for name in archive.namelist():
            data = archive.read(name)
            assert name != part or data.count(old) == 1
            changed.writestr(name, data.replace(old, new) if name == part else data)
    return target.getvalue()


def hide(sheet: Worksheet) -> None:
    """Row 3 and column C hidden."""
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True


def formatted(place: str, code: str, value: float | None = None) -> Change:
    """One cell with a number format."""

    def change(sheet: Worksheet) -> None:
        sheet[place].number_format = code
        if value is not None:
            sheet[place] = value

    return change


def in_font(area: str, font: Font) -> Change:
    """Some cells in another font."""

    def change(sheet: Worksheet) -> None:
        for row in sheet[area]:
            for cell in row:
                cell.font = font

    return change


def rich(*runs: tuple[str, str]) -> CellRichText:
    """Runs of text, each plain, struck out or raised."""
    fonts = {"strike": InlineFont(strike=True), "raised": InlineFont(vertAlign="superscript")}
    return CellRichText(*(TextBlock(fonts[look], text) if look else text for text, look in runs))


def with_zero(sheet: Worksheet) -> None:
    """A column 前年度予算額（円） whose only number is a 0 that nobody sees."""
    sheet["F1"], sheet["F2"] = "前年度予算額（円）", 0
    sheet["F2"].number_format = "#,###"


def second_sheet(sheet: Worksheet) -> None:
    """A second sheet with something in it."""
    assert isinstance(sheet.parent, Workbook)
    sheet.parent.create_sheet("昨年度").append(["利用料", 1_100_000])


BUDGET = "rules/r7/budget.xlsx"
SEAL = "rules/様式/公印.png"

FILES: Mapping[str, Mapping[str, Callable[[], bytes]]] = {
    "W103": {BUDGET: budget},
    "W104/1_no_book": {BUDGET: (BASE / "rules/r7/budget.csv").read_bytes},
    "W104/2_old_xls": {BUDGET: lambda: XLS},
    "W104/3_password": {BUDGET: lambda: XLS + "EncryptedPackage".encode("utf-16-le")},
    "W104/4_cut_off": {BUDGET: lambda: budget()[:3000]},
    "W104/5_bad_style": {BUDGET: lambda: with_xml(b'<c r="E2"', b'<c s="99" r="E2"')},
    "W105/1_macro": {BUDGET: lambda: with_part("xl/vbaProject.bin", b"x")},
    "W105/2_links": {
        BUDGET: lambda: with_xml(b"<v>1200000</v>", b"<f>[1]a!E2+1</f><v>1200000</v>")
    },
    "W105/3_doctype": {
        BUDGET: lambda: with_xml(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    },
    "W105/4_extent": {BUDGET: lambda: with_xml(b'r="E2"', b'r="XFD1048576"')},
    "W104/6_strict": {
        BUDGET: lambda: with_xml(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            part="xl/workbook.xml",
        )
    },
    "W105/5_bomb": {BUDGET: lambda: with_part("xl/a.xml", b"<a>" + bytes(2_000_000) + b"</a>")},
    "W106/2_hidden_sheet": {
        BUDGET: lambda: with_xml(b'state="visible"', b'state="hidden"', part="xl/workbook.xml")
    },
    "W108/2_book": {BUDGET: lambda: budget(put("F1", "予算額（円）"))},
    "W110": {BUDGET: lambda: budget(lambda sheet: sheet.merge_cells("B2:B3"))},
    "W111": {BUDGET: lambda: budget(put("E2", "=1000000+200000"))},
    "W112/1_error": {BUDGET: lambda: budget(put("E2", "#REF!"))},
    "W112/2_true": {BUDGET: lambda: budget(put("E2", True))},  # noqa: FBT003  the value of a cell
    "W112/3_infinite": {BUDGET: lambda: with_xml(b"<v>1200000</v>", b"<v>1e999</v>")},
    "W117/2_book": {BUDGET: lambda: budget(put("E2", date(2025, 1, 3)))},
    "W123/2_book": {"members/r7/roster.xlsx": lambda: book("members/r7/roster", put("A2", 99015))},
    "W129/1_no_picture": {SEAL: lambda: b"BM" + bytes(100)},
    "W129/2_cut_off": {SEAL: lambda: png()[:-20]},
    "W129/3_wide": {SEAL: lambda: png(2_001, 1)},
    "W129/4_heavy": {SEAL: lambda: png() + bytes(2_000_000)},
    "W130/1_rounded": {BUDGET: lambda: budget(formatted("E2", "#,##0", 1200000.4))},
    "W130/2_hidden": {BUDGET: lambda: budget(formatted("E2", ";;;"))},
    "W130/3_format": {BUDGET: lambda: budget(formatted("E2", "0.00E+00"))},
    "W130/4_unit": {BUDGET: lambda: budget(formatted("E2", '#,##0"千円"'))},
    "W130/5_struck": {
        BUDGET: lambda: budget(put("E2", rich(("1100000", "strike"), ("1200000", ""))))
    },
    "W132": {BUDGET: lambda: with_xml(b"<v>1200000</v>", b"<f>1000000+200000</f><v>1200000</v>")},
    "W133": {BUDGET: lambda: budget(put("E2", "１，２００，０００"))},
    "W134": {BUDGET: lambda: budget(hide)},
    "W135/1_struck": {BUDGET: lambda: budget(in_font("A3:E3", Font(strike=True)))},
    "W135/2_unseen": {BUDGET: lambda: budget(in_font("D3:D3", Font(color="FFFFFFFF")))},
    "W135/3_raised": {BUDGET: lambda: budget(put("D3", rich(("事務費", ""), ("注1", "raised"))))},
    "W135/4_zero": {BUDGET: lambda: budget(with_zero)},
    "W142/3_lock": {"rules/r7/~$budget.xlsx": lambda: b"lock"},
    "W144": {BUDGET: lambda: budget(put("H3", "#N/A"))},
    "W143": {BUDGET: lambda: budget(second_sheet)},
    "W311/2_date": {
        "members/r7/roster.xlsx": lambda: book("members/r7/roster", put("C2", date(2025, 10, 1)))
    },
    **error_templates.FILES,
}
"""Files of a case, by their path below the workspace; its delete.txt names the CSV they replace."""
