"""A template with everything that Excel can hold and other programs lose.

XlsxWriter draws what it can; furigana, a placeholder cut into runs and printer settings, which
only Excel writes, are put in by hand.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.drawn import png

SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
RELS, TYPES = "xl/worksheets/_rels/sheet1.xml.rels", "[Content_Types].xml"
STYLES, CORE = "xl/styles.xml", "docProps/core.xml"
PRINTER = "xl/printerSettings/printerSettings1.bin"
PRINTER_RELATION = (
    b'<Relationship Id="rIdPrinter" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/printerSettings" Target="../printerSettings/printerSettings1.bin"/>'
)
PRINTER_TYPE = (
    b'<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.printerSettings"/>'
)
YEN = '"金"#,##0"円也"'

_FACE: Mapping[str, object] = {}
Draw = Callable[[Workbook, Worksheet], object]


def plain(draw: Draw = lambda _book, _sheet: None, face: Mapping[str, object] = _FACE) -> bytes:
    """The least that a template needs, then changed: A1 宛先, A2 納入金額, A3 状態."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "default_format_properties": face})
    book.set_properties({"created": datetime(2025, 4, 1)})  # noqa: DTZ001  Excel knows no zones
    sheet = book.add_worksheet("通知")
    for row, name in enumerate(("宛先", "納入金額", "状態")):
        sheet.write_string(row, 0, f"{{{{{name}}}}}")
    draw(book, sheet)
    book.close()
    return buffer.getvalue()


def changed(book: bytes, edits: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    """A workbook with one place of some parts changed; a part is added where `old` is empty."""
    target = io.BytesIO()
    deflated = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(io.BytesIO(book)) as archive,
        zipfile.ZipFile(target, "w", deflated) as made,
    ):
        for name in archive.namelist():
            data = archive.read(name)
            old, new = edits.get(name, (b"", b""))
            assert not old or data.count(old) == 1, (name, old, data.count(old))
            made.writestr(name, data.replace(old, new) if old else data)
        for name, (old, new) in edits.items():
            if not old:
                made.writestr(name, new)
    return target.getvalue()


def rich() -> bytes:
    """The whole of it. Cells: see `_draw`."""
    furigana = (
        '<si><r><t>団体は{{団</t></r><r><rPr><b/><sz val="11"/></rPr><t>体名}}です</t></r>'
        '<rPh sb="0" eb="2"><t>ダンタイ</t></rPh><phoneticPr fontId="1"/></si>'
    )
    kept = (
        '<si><t>負担金</t><rPh sb="0" eb="3"><t>フタンキン</t></rPh><phoneticPr fontId="1"/></si>'
    )
    book = changed(
        plain(_draw),
        {
            STRINGS: ("<si><t>二つに切れた差込み</t></si>".encode(), furigana.encode()),
            SHEET: (b'<pageSetup paperSize="9"', b'<pageSetup r:id="rIdPrinter" paperSize="9"'),
            PRINTER: (b"", b"\0\1printer"),
            RELS: (
                b"</Relationships>",
                PRINTER_RELATION + b"</Relationships>",
            ),
        },
    )
    book = changed(book, {STRINGS: ("<si><t>ふりがなの語</t></si>".encode(), kept.encode())})
    ends = b'<Default Extension="rels"'
    return changed(book, {TYPES: (ends, PRINTER_TYPE + ends)})


def _draw(book: Workbook, sheet: Worksheet) -> None:
    yen, day = book.add_format({"num_format": YEN, "bold": True}), None
    sheet.write_string("A2", "{{納入金額}}", yen)
    sheet.write_string("A4", "{{発行日}}", day)  # no format of its own
    sheet.write_string("A5", "{{納入金額}}")
    sheet.write_string("A6", "{{宛先}} 金{{納入金額}}円 {{発行日}}")
    sheet.write_string("A7", "二つに切れた差込み")
    sheet.write_string("A8", "ふりがなの語")
    sheet.write_string("A9", "{{請求の事由}}")
    sheet.write_string("A10", "｛｛内訳１事業｝｝")
    for number in range(1, 7):
        sheet.write_string(9 + number, 7, f"{{{{内訳{number}事業}}}}")
        sheet.write_string(9 + number, 8, f"{{{{内訳{number}負担金額}}}}", yen)
    sheet.write_string("A11", "{{内訳9事業}}")
    sheet.write_blank("A12", None, yen)
    book.define_name("団体コード", "='通知'!$A$12")
    sheet.write_formula("A13", "=1+1", None, 2)
    sheet.write_formula("A14", '="あ"&"い"', None, "あい")
    sheet.write_rich_string("A15", "赤い", book.add_format({"color": "red"}), "文字", "と黒い文字")
    sheet.merge_range("C1:D2", "結合", yen)
    sheet.insert_textbox("F2", "{{団体名}} あて　印刷物在中", {"description": "枠"})
    sheet.insert_image("F8", "seal.png", {"image_data": io.BytesIO(png())})
    sheet.set_header(
        "&L&G&R&12{{団体コード}}",
        {"image_left": "h.png", "image_data_left": io.BytesIO(png(60, 40))},
    )
    sheet.set_footer("&L{{団体名}} && 会計&R&P / &N")
    sheet.conditional_format("I11", {"type": "cell", "criteria": ">", "value": 5, "format": yen})
    sheet.conditional_format("C5:C9", {"type": "data_bar", "data_bar_2010": True})
    for row in range(4, 9):
        sheet.write_number(row, 2, row)
    sheet.add_sparkline("D5", {"range": "通知!C5:C9"})
    sheet.write_comment("A3", "{{団体名}}への注記")
    sheet.data_validation("C5", {"validate": "list", "source": ["一", "二"]})
    sheet.set_column("A:A", 41)
    sheet.set_paper(9)
    sheet.print_area("A1:I30")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=通知!$C$5:$C$9"})
    chart.set_title({"name": "{{団体名}}の推移"})
    sheet.insert_chart("F16", chart)
    back = book.add_worksheet("裏面")
    back.write_string("A1", "{{団体名}}の裏面")
    book.set_properties(
        {"title": "{{団体名}}の負担金", "comments": "{{宛先}}", "created": datetime(2025, 4, 1)}  # noqa: DTZ001
    )
