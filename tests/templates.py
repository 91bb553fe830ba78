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
CHANGE = '"+"#,##0_ ;"△"#,##0_ ;0_ ;@_ '
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
_TOTAL = {**_TABLE, "border": 2, "bold": True, "font_size": 20, "align": "center"}
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
    "change": {**_MONEY, "num_format": CHANGE},
    "sum": {**_HEAD, **_SUM},
    "sum_money": {**_MONEY, **_SUM},
    "sum_change": {**_MONEY, **_SUM, "num_format": CHANGE},
    "total_label": {**_HEAD, "border": 2, "font_size": 13},
    "total": {**_TOTAL, "num_format": '"金"#,##0"円也";"金△"#,##0"円"'},
    # 金額の見出し says 還付額.
    "total_either_way": {**_TOTAL, "num_format": '"金"#,##0"円";"金"#,##0"円"'},
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


FACTS: Mapping[str, str] = {
    "件名": "{{件名}}",
    "{{事由の見出し}}": "{{請求の事由}}",
    "根拠": "{{根拠}}",
    "所属年度・科目": "{{所属年度}}　{{科目}}",
    "整理番号": "{{整理番号}}",
}
PAYMENT: Mapping[str, str] = {
    "納入場所": "{{納入場所}}",
    "振込先": "{{振込先}}",
    "口座名義": "{{口座名義}}",
    "フリガナ": "{{口座名義カナ}}",
    "登録番号": TAX,
}
LAST_YEAR = {"負担金額": "本年度（円）", "前年度": "前年度（円）", "増減": "増減（円）"}
CHANGED = {"変更前": "変更前（円）", "負担金額": "変更後（円）", "増減": "差引（円）"}
SETTLED = {"請求済額": "請求済額（円）", "負担金額": "精算額（円）", "増減": "差引（円）"}


def _head(page: Drawing) -> None:
    """To whom, from whom, what it is, and the amount."""
    page.sheet.set_column("A:A", 17)
    page.sheet.set_column("B:B", 32)
    page.sheet.set_column("C:E", 15)
    page.heights({1: 30, 5: 26, 9: 44, 10: 20, 11: 44, 13: 40}, 20, 60)
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


def _foot(page: Drawing, row: int) -> None:
    """Notes and who answers."""
    page.put(f"A{row}:E{row}", "{{課税注記}}\n{{備考}}", "small")
    page.sheet.set_row(row - 1, 72)
    contacts = {"発行責任者": "{{発行責任者}}", "担当者": "{{担当者}}"}
    row = page.facts(row + 1, ("A", "B", "E"), contacts)
    page.sheet.print_area(f"A1:E{row - 1}")
    page.sheet.set_footer('&L&"BIZ UD明朝"&9{{団体名}}（{{整理番号}}）&R&"BIZ UD明朝"&9&P / &N')


def notice() -> bytes:
    """変更通知書: before and after of each 事業 and each 期, and what is changed."""

    def draw(book: Workbook) -> None:
        page = Drawing(book, "通知", MINCHO)
        _head(page)
        page.put("A13:B13", "{{金額の見出し}}", "total_label")
        page.put("C13:E13", "{{納入金額}}", "total_either_way")
        row = page.facts(15, ("A", "B", "E"), {**FACTS, "変更する通知": "{{変更する通知}}"}) + 1
        row = _compared(page, row, CHANGED) + 1
        row = _changes(page, row, 6) + 1
        _foot(page, page.facts(row, ("A", "B", "E"), PAYMENT))

    return _book(draw, "{{年度}} 負担金の変更 {{団体名}}", MINCHO)


def settled() -> bytes:
    """精算書: what was billed and what the year came to."""

    def draw(book: Workbook) -> None:
        page = Drawing(book, "通知", MINCHO)
        _head(page)
        page.put("A13", "{{金額の見出し}}", "total_label")
        page.put("B13:E13", "{{納入金額}}", "total_either_way")
        facts = {**FACTS, "差額の扱い": "{{差額の扱い}}", "納期限": "{{納期限}}"}
        row = page.facts(15, ("A", "B", "E"), facts) + 1
        row = _compared(page, row, SETTLED) + 1
        _foot(page, page.facts(row, ("A", "B", "E"), PAYMENT))

    return _book(draw, "{{年度}} 負担金の精算 {{団体名}}", MINCHO)


def _compared(page: Drawing, row: int, columns: Mapping[str, str]) -> int:
    """The table of 事業, its amounts by their fields, the last one a difference; the row below it."""
    page.put(f"A{row}:B{row}", "事業", "label")
    for column, text in zip("CDE", columns.values(), strict=True):
        page.put(f"{column}{row}", text, "label")
    named = tuple(zip("CDE", columns, ("money", "money", "change"), strict=True))
    for number in range(1, 9):
        at = row + number
        page.put(f"A{at}:B{at}", f"{{{{内訳{number}事業}}}}", "text")
        for column, key, look in named:
            page.put(f"{column}{at}", f"{{{{内訳{number}{key}}}}}", look)
    last = row + 9
    page.put(f"A{last}:B{last}", "合計", "sum")
    for column, key, look in named:
        whole = "合計" if key == "負担金額" else f"{key}合計"
        page.put(f"{column}{last}", f"{{{{{whole}}}}}", f"sum_{look}")
    return last + 1


def _changes(page: Drawing, row: int, count: int) -> int:
    """The instalments before and after; the row below them."""
    for column, text in zip(
        "ABCDE", ("期", "納期限", "変更前（円）", "変更後（円）", "区分"), strict=True
    ):
        page.put(f"{column}{row}", text, "label")
    keys = ("", "納期限", "変更前", "金額", "区分")
    looks = ("center", "due", "money", "money", "center")
    for number in range(1, count + 1):
        for column, key, look in zip("ABCDE", keys, looks, strict=True):
            page.put(f"{column}{row + number}", f"{{{{第{number}期{key}}}}}", look)
    return row + count + 1


def letter() -> bytes:
    """A letter in 明朝, with room for the seal and a text box for questions."""

    def draw(book: Workbook) -> None:
        page = Drawing(book, "通知", MINCHO)
        _head(page)
        page.put("A13", "{{金額の見出し}}", "total_label")
        page.put("B13:E13", "{{納入金額}}", "total")
        row = page.facts(15, ("A", "B", "E"), FACTS) + 1
        row = _compared(page, row, LAST_YEAR) + 1
        row = _dues(page, row, 5) + 1
        row = page.facts(row, ("A", "B", "E"), PAYMENT)
        page.put(f"A{row}:E{row}", "{{課税注記}}　{{備考}}", "small")
        page.sheet.set_row(row - 1, 34)
        contact = "お問い合わせ　発行責任者: {{発行責任者}}　担当者: {{担当者}}"
        page.text_box(f"A{row + 1}", contact, (640, 44), line={"color": LINE}, y_offset=6)
        page.sheet.set_row(row, 40)
        page.sheet.print_area(f"A1:E{row + 1}")
        page.sheet.set_footer('&L&"BIZ UD明朝"&9{{団体名}}（{{整理番号}}）&R&"BIZ UD明朝"&9&P / &N')

    return _book(draw, "{{年度}} 負担金 {{団体名}}", MINCHO)


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
        # A digit of this face is wide: broader columns would print all of it too small.
        page.sheet.set_column("A:A", 14)
        page.sheet.set_column("B:B", 24)
        page.sheet.set_column("C:E", 13)
        page.heights({1: 48, 2: 18, 4: 30, 7: 44, 8: 44}, 23, 47)
        page.put("A1:E1", "{{表題}}", "title")
        page.put("A2:E2", "{{状態}}", "draft")
        page.put("A3:B3", "{{再発行}}", "plain")
        page.put("C3:E3", "{{文書番号}}", "right")
        page.put("A4:B4", "{{宛先}}", "to")
        page.put("C4:E4", "{{発行日}}", "day")
        page.put("A5:B5", "{{年度}}　整理番号 {{整理番号}}", "plain")
        page.put("C5:E5", "{{住所}}", "right")
        page.put("A6:D6", "{{発行者}}　{{代表者}}", "right")
        page.put("E6", "{{公印}}", "right")
        page.put("A7", "{{金額の見出し}}", "total_label")
        page.put("B7:E7", "", "total")
        page.sheet.write_string("B7", "{{納入金額}}", page.look("total"))
        page.put("A8:E8", "{{本文}}", "wrap")
        facts = {
            "件名": "{{件名}}",
            "{{事由の見出し}}": "{{請求の事由}}（{{根拠}}）",
            "所属年度・科目": "{{所属年度}}　{{科目}}",
        }
        row = page.facts(9, ("A", "B", "E"), facts) + 1
        row = _compared(page, row, LAST_YEAR) + 1
        row = _dues(page, row, 6) + 1
        payment = {
            "納入場所": "{{納入場所}}",
            "振込先": "{{振込先}}",
            "口座名義": "{{口座名義}}（{{口座名義カナ}}）",
            "発行責任者": "{{発行責任者}}",
            "担当者": "{{担当者}}",
            "登録番号": TAX,
        }
        row = page.facts(row, ("A", "B", "E"), payment) + 1
        page.sheet.set_row(row - 3, 34)  # of 登録番号: its words take two lines
        page.sheet.set_row(row - 2, 6)
        page.put(f"A{row}:E{row}", "{{課税注記}}　{{備考}}（様式の例）", "small")
        page.sheet.set_row(row - 1, 40)
        page.sheet.print_area(f"A1:E{row}")
        book.define_name("納入金額", "='通知'!$B$7")

    return _book(draw, "{{年度}} 負担金", GOTHIC)


SHIPPED: dict[str, Callable[[], bytes]] = {
    "例_納入通知書.xlsx": letter,
    "例_納入通知書_期別.xlsx": compact,
}


OTHERS: dict[str, Callable[[], bytes]] = {
    "例_変更通知書.xlsx": notice,
    "例_精算書.xlsx": settled,
}
"""Those of other kinds of paper (変更様式, 精算様式)."""


def main() -> None:
    """Write the shipped templates."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in (SHIPPED | OTHERS).items():
        (FOLDER / name).write_bytes(make())


if __name__ == "__main__":
    main()
