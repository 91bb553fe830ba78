"""Templates of the cases in tests/errors whose mistake lies in the council's own form."""

from collections.abc import Callable, Mapping

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.drawn import png
from tests.rich_template import BOOK, SHEET, TYPES, Draw, changed, plain

FORM = "rules/様式/請求書.xlsx"
_MAIN = b"spreadsheetml.sheet.main+xml"


def text(cell: str, words: str) -> Draw:
    """One more text."""
    return lambda _book, sheet: sheet.write_string(cell, words)


def formula(words: str, value: int | str = 0) -> Draw:
    """A formula in B1, beside the placeholders in column A."""
    return lambda _book, sheet: sheet.write_formula("B1", words, None, value)


def second_sheet(name: str) -> Draw:
    """A second sheet."""
    return lambda book, _sheet: book.add_worksheet(name)


def name(words: str, cell: str) -> Draw:
    """A name of the workbook."""
    return lambda book, _sheet: book.define_name(words, cell)


def long_header(_book: Workbook, sheet: Worksheet) -> None:
    """Five placeholders in a page header."""
    sheet.set_header("&L{{件名}}{{発行者}}{{宛先}}&R{{団体名}}{{文書番号}}")


def many(_book: Workbook, sheet: Worksheet) -> None:
    """Ten thousand placeholders."""
    for row in range(10_000):
        sheet.write_string(row, 1, "{{団体名}}")


def rows(_book: Workbook, sheet: Worksheet) -> None:
    """A table that has the amount of the first 事業 and not its name, and no second row."""
    sheet.write_string("B1", "{{内訳2負担金額}}")
    sheet.write_string("B2", "{{第1期金額}}")


def without(words: str, instead: str = "") -> bytes:
    """The least template with one of its placeholders changed."""
    old = f"<t>{{{{{words}}}}}</t>".encode()
    return changed(plain(), {"xl/sharedStrings.xml": (old, f"<t>{instead}</t>".encode())})


def edited(part: str, old: bytes, new: bytes, draw: Draw | None = None) -> bytes:
    """The least template with one place of its XML changed."""
    return changed(plain(draw) if draw else plain(), {part: (old, new)})


BOOKS: Mapping[str, Callable[[], bytes]] = {
    "W702/1_other_kind": lambda: edited(TYPES, _MAIN, b"spreadsheetml.template.main+xml"),
    "W702/2_days_from_1904": lambda: edited(BOOK, b"<workbookPr ", b'<workbookPr date1904="1" '),
    "W702/3_hidden": lambda: edited(BOOK, b'sheetId="1"', b'sheetId="1" state="hidden"'),
    "W702/4_other_program": lambda: edited(SHEET, b"/spreadsheetml/2006/main", b"/other/main"),
    "W702/5_part_missing": lambda: edited(
        "xl/_rels/workbook.xml.rels", b"theme/theme1.xml", b"theme/theme9.xml"
    ),
    "W702/6_strange_name": lambda: changed(plain(), {"../../a.xml": (b"", b"<a/>")}),
    "W702/7_signed": lambda: changed(plain(), {"_xmlsignatures/sig1.xml": (b"", b"<a/>")}),
    "W702/9_long_header": lambda: plain(long_header),
    "W702/8_many": lambda: plain(many),
    "W703/1_near": lambda: plain(text("B1", "{{団本名}}")),
    "W703/2_unknown": lambda: plain(text("B1", "会計 {{電話番号のようなもの}}")),
    "W703/3_one_side": lambda: plain(text("B1", "{{団体名")),
    "W703/4_single_braces": lambda: plain(text("B1", "件名は {件名} です")),
    "W704/1_amount_in_a_text": lambda: without("納入金額", "金{{納入金額}}円"),
    "W704/2_nobody": lambda: without("宛先"),
    "W704/3_no_state": lambda: without("状態"),
    "W705": lambda: plain(name("納入場所", "='通知'!$B$1:$C$9")),
    "W706": lambda: plain(rows),
    "W707/1_rests_on_the_amount": lambda: plain(formula("=A2*2")),
    "W707/2_today": lambda: plain(formula("=TODAY()", 45_000)),
    "W707/3_no_result": lambda: edited(SHEET, b"<v>3</v>", b"", formula("=1+2", 3)),
    "W708/1_sheet": lambda: plain(second_sheet("内訳")),
    "W709": lambda: plain(text("B1", "発行者は共同システム協議会 会長です")),
}

FILES = {case: {FORM: make} for case, make in BOOKS.items()}
FILES["W710"] = {FORM: plain, "rules/様式/公印.png": png}
