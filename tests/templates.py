"""Draws the templates that are shipped in rules/様式, as a finance officer would in Excel.

`python -m tests.templates` writes them anew; a test compares the files with what this gives.
"""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

FOLDER = Path(__file__).parents[1] / "rules" / "様式"
YEN = '#,##0_ ;"△"#,##0_ ;"－"_ '
DAY = '[$-411]ggge"年"m"月"d"日"'
INK, LINE = "#1F2937", "#6B7280"
DRAFT = "#B00020"
TAX = "{{登録番号}}　{{消費税の内訳}}"

_JAPANESE = {"font_charset": 128, "font_scheme": "none"}
Face = Mapping[str, object]
Looks = Mapping[str, Mapping[str, object]]
MINCHO: Face = {"font_name": "BIZ UD明朝", "font_size": 11, **_JAPANESE, "font_family": 1}
GOTHIC: Face = {"font_name": "BIZ UDPゴシック", "font_size": 10, **_JAPANESE, "font_family": 3}
_TABLE = {"border": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": True}
_MONEY = {**_TABLE, "align": "right", "num_format": YEN}
_HEAD = {**_TABLE, "align": "center", "bg_color": "#EEF1F5"}
_SUM = {"bold": True, "top": 6}
LOOKS: Looks = {
    "plain": {"valign": "vcenter"},
    "wrap": {"valign": "vcenter", "text_wrap": True},
    "small": {"valign": "top", "text_wrap": True, "font_size": 9},
    "right": {"align": "right", "valign": "vcenter", "text_wrap": True},
    "day": {"align": "right", "valign": "vcenter", "num_format": DAY},
    "to": {"font_size": 14, "valign": "vcenter", "bottom": 1},
    "seal": {"font_size": 9, "align": "center", "valign": "vcenter", "text_wrap": True},
    "title": {"font_size": 20, "align": "center", "valign": "vcenter"},
    "draft": {"bold": True, "font_color": DRAFT, "align": "center", "valign": "vcenter"},
    "label": _HEAD,
    "text": {**_TABLE, "indent": 1},
    "center": {**_TABLE, "align": "center"},
    "due": {**_TABLE, "align": "center", "num_format": DAY},
    "money": _MONEY,
    "sum": {**_HEAD, **_SUM},
    "sum_money": {**_MONEY, **_SUM},
    "total_label": {**_HEAD, "border": 2, "font_size": 13},
    "total": {
        **_TABLE,
        "border": 2,
        "bold": True,
        "font_size": 20,
        "align": "center",
        "num_format": '"金"#,##0"円也";"金△"#,##0"円"',
    },
}


class Drawing:
    """One sheet being drawn, in one face and size."""

    def __init__(self, book: Workbook, name: str, face: Face) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        self._book, self._face = book, face
        self._made: dict[str, Format] = {}
        self.sheet.set_paper(9)
        self.sheet.hide_gridlines(2)
        self.sheet.fit_to_pages(1, 1)
        self.sheet.center_horizontally()
        self.sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)

    def look(self, name: str) -> Format:
        if name not in self._made:
            self._made[name] = self._book.add_format(
                {**self._face, "font_color": INK, **LOOKS[name]}
            )
        return self._made[name]

    def put(self, area: str, text: str, look: str) -> None:
        """Text into a cell or a block of cells."""
        if ":" in area:
            self.sheet.merge_range(area, text, self.look(look))
        else:
            self.sheet.write_string(area, text, self.look(look))

    def heights(self, points: Mapping[int, float], otherwise: float, last: int) -> None:
        """Heights of rows, counted from 1."""
        for row in range(1, last + 1):
            self.sheet.set_row(row - 1, points.get(row, otherwise))

    def facts(self, row: int, columns: tuple[str, str, str], facts: Mapping[str, str]) -> int:
        """A table of labels and texts; the row below it."""
        left, first, last = columns
        for label, text in facts.items():
            self.put(f"{left}{row}", label, "label")
            self.put(f"{first}{row}:{last}{row}", text, "text")
            row += 1
        return row

    def text_box(self, cell: str, text: str, size: tuple[int, int], **looks: object) -> None:
        width, height = size
        font = {"name": self._face["font_name"], "size": 9.5, "color": INK}
        options = {"width": width, "height": height, "font": font, **looks}
        self.sheet.insert_textbox(cell, text, {"object_position": 3, **options})


def _book(draw: Callable[[Workbook], None], title: str, face: Face) -> bytes:
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "default_format_properties": face})
    book.set_properties({"title": title, "created": datetime(2025, 4, 1)})  # noqa: DTZ001  Excel knows no zones
    draw(book)
    book.close()
    return buffer.getvalue()


def letter() -> bytes:
    """A letter in 明朝, with room for the seal and a text box for questions."""

    def draw(book: Workbook) -> None:
        page = Drawing(book, "通知", MINCHO)
        page.sheet.set_column("A:A", 17)
        page.sheet.set_column("B:B", 32)
        page.sheet.set_column("C:E", 15)
        page.heights({1: 30, 5: 26, 6: 22, 7: 22, 8: 22, 9: 36, 10: 20, 11: 44, 13: 40}, 16.5, 53)
        page.put("A1:B1", "（様式の例）", "plain")
        page.put("C1:E1", "{{再発行}}", "right")
        page.put("C2:E2", "{{文書番号}}", "right")
        page.put("C3:E3", "{{発行日}}", "day")
        page.put("A5:B5", "{{宛先}}", "to")
        page.put("B6:D6", "{{住所}}", "right")
        page.put("B7:D7", "{{発行者}}", "right")
        page.put("B8:D8", "{{代表者}}", "right")
        page.put("E6:E8", "{{公印}}", "seal")
        page.put("A9:E9", "{{表題}}", "title")
        page.put("A10:E10", "{{状態}}", "draft")
        page.put("A11:E11", "{{本文}}", "wrap")
        page.put("A13", "{{金額の見出し}}", "total_label")
        page.put("B13:E13", "{{納入金額}}", "total")
        facts = {
            "件名": "{{件名}}",
            "請求の事由": "{{請求の事由}}",
            "根拠": "{{根拠}}",
            "所属年度・科目": "{{所属年度}}　{{科目}}",
            "整理番号": "{{整理番号}}",
        }
        row = page.facts(15, ("A", "B", "E"), facts) + 1
        row = _breakdown(page, row, 8) + 1
        row = _dues(page, row, 5) + 1
        payment = {
            "納入場所": "{{納入場所}}",
            "振込先": "{{振込先}}",
            "口座名義": "{{口座名義}}",
            "フリガナ": "{{口座名義カナ}}",
            "登録番号": TAX,
        }
        row = page.facts(row, ("A", "B", "E"), payment)
        page.put(f"A{row}:E{row}", "{{課税注記}}　{{備考}}", "small")
        page.sheet.set_row(row - 1, 30)
        contact = "お問い合わせ　発行責任者: {{発行責任者}}　担当者: {{担当者}}"
        page.text_box(f"A{row + 1}", contact, (640, 44), line={"color": LINE}, y_offset=6)
        page.sheet.set_row(row, 40)
        page.sheet.print_area(f"A1:E{row + 1}")
        page.sheet.set_footer('&L&"BIZ UD明朝"&9{{団体名}}（{{整理番号}}）&R&"BIZ UD明朝"&9&P / &N')

    return _book(draw, "{{年度}} 負担金 {{団体名}}", MINCHO)


def _breakdown(page: Drawing, row: int, count: int) -> int:
    """The table of 事業 with last year; the row below it."""
    for area, text in (
        ("A{0}:B{0}", "内訳"),
        ("C{0}", "本年度（円）"),
        ("D{0}", "前年度（円）"),
        ("E{0}", "増減（円）"),
    ):
        page.put(area.format(row), text, "label")
    for number in range(1, count + 1):
        at = row + number
        page.put(f"A{at}:B{at}", f"{{{{内訳{number}事業}}}}", "text")
        for column, key in zip("CDE", ("負担金額", "前年度", "増減"), strict=True):
            page.put(f"{column}{at}", f"{{{{内訳{number}{key}}}}}", "money")
    last = row + count + 1
    page.put(f"A{last}:B{last}", "合計", "sum")
    for column, key in zip("CDE", ("合計", "前年度合計", "増減合計"), strict=True):
        page.put(f"{column}{last}", f"{{{{{key}}}}}", "sum_money")
    return last + 1


def _dues(page: Drawing, row: int, count: int) -> int:
    """The instalments; the row below them."""
    for area, text in (("A{0}", "期"), ("B{0}:C{0}", "納期限"), ("D{0}:E{0}", "金額（円）")):
        page.put(area.format(row), text, "label")
    for number in range(1, count + 1):
        at = row + number
        page.put(f"A{at}", f"{{{{第{number}期}}}}", "center")
        page.put(f"B{at}:C{at}", f"{{{{第{number}期納期限}}}}", "due")
        page.put(f"D{at}:E{at}", f"{{{{第{number}期金額}}}}", "money")
    return row + count + 1


def compact() -> bytes:
    """A denser page, for a council that pays in up to six instalments."""

    def draw(book: Workbook) -> None:
        page = Drawing(book, "通知", GOTHIC)
        page.sheet.set_column("A:A", 17)
        page.sheet.set_column("B:B", 31)
        page.sheet.set_column("C:E", 15)
        page.heights({1: 32, 2: 18, 4: 26, 6: 18, 7: 36, 8: 34}, 19, 47)
        page.put("A1:E1", "{{表題}}", "title")
        page.put("A2:E2", "{{状態}}", "draft")
        page.put("A3:B3", "{{再発行}}", "plain")
        page.put("C3:E3", "{{文書番号}}", "right")
        page.put("A4:B4", "{{宛先}}", "to")
        page.put("C4:E4", "{{発行者}}", "right")
        page.put("A5:B5", "{{年度}}　整理番号 {{整理番号}}", "plain")
        page.put("C5:D5", "{{発行日}}", "day")
        page.put("E5", "{{公印}}", "right")
        page.put("A6:E6", "{{住所}}　{{代表者}}", "right")
        page.put("A7", "{{金額の見出し}}", "total_label")
        page.put("B7:E7", "", "total")
        page.sheet.write_string("B7", "{{納入金額}}", page.look("total"))
        page.put("A8:E8", "{{本文}}", "wrap")
        facts = {
            "件名": "{{件名}}",
            "事由": "{{請求の事由}}（{{根拠}}）",
            "所属年度・科目": "{{所属年度}}　{{科目}}",
        }
        row = page.facts(9, ("A", "B", "E"), facts) + 1
        row = _breakdown(page, row, 8) + 1
        row = _dues(page, row, 6) + 1
        payment = {
            "納入場所": "{{納入場所}}",
            "振込先": "{{振込先}}",
            "口座名義": "{{口座名義}}（{{口座名義カナ}}）",
            "発行責任者": "{{発行責任者}}",
            "担当者": "{{担当者}}",
            "登録番号": TAX,
        }
        row = page.facts(row, ("A", "B", "E"), payment)
        page.put(f"A{row}:E{row}", "{{課税注記}}　{{備考}}（様式の例）", "small")
        page.sheet.set_row(row - 1, 40)
        page.sheet.print_area(f"A1:E{row}")
        book.define_name("納入金額", "='通知'!$B$7")

    return _book(draw, "{{年度}} 負担金", GOTHIC)


SHIPPED: Mapping[str, Callable[[], bytes]] = {
    "例_納入通知書.xlsx": letter,
    "例_納入通知書_期別.xlsx": compact,
}


def main() -> None:
    """Write the shipped templates."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in SHIPPED.items():
        (FOLDER / name).write_bytes(make())


if __name__ == "__main__":
    main()
