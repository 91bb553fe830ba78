"""Named cell styles. A style is a word (`money`, `head`); what it looks like stands here alone."""

from collections.abc import Mapping

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

FONT = "BIZ UDPゴシック"
FACE = {"font_name": FONT, "font_family": 3, "font_charset": 128}
"""The font, told to be a Japanese ゴシック: a program without it takes another of that kind."""
LINE = "#5B6B82"
HEAD = "#E4EBF5"
TOTAL = "#F1F5FB"
WARN = "#B00020"
LINK = "#1A4F9C"

# △ before a number means less than 0, as in the budgets of Japanese councils.
YEN = '#,##0;"△"#,##0'
# `_ ` leaves the room of a space; `@_ ` does so for texts among the numbers.
YEN_INSIDE = '#,##0_ ;"△"#,##0_ ;0_ ;@_ '
DASH_INSIDE = '#,##0_ ;"△"#,##0_ ;"－"_ ;@_ '
SIGNED_INSIDE = '"+"#,##0_ ;"△"#,##0_ ;0_ ;@_ '
"""The same with a little room at the right of numbers and texts."""
SIGNED = '"+"#,##0;"△"#,##0;0'
PERCENT = '"+"0.0%;"△"0.0%;0.0%'
DIFFERENCE = '[Red]#,##0;[Red]"△"#,##0;0'
# [$-411] is Japanese: ggge are the era and its year.
DATE = '[$-411]ggge"年"m"月"d"日"'
DATE_AND_DAY = '[$-411]ggge"年"m"月"d"日("aaa")"'
YEN_OR_DASH = '#,##0;"△"#,##0;"－"'
TOLD = '"通知した額より"#,##0"円多い";"通知した額より"#,##0"円少ない";"通知した額のとおり"'
"""What a difference from the amount that was billed means."""
QUIET = "#44546A"

Look = Mapping[str, object]

_CELL: Look = {"border": 1, "border_color": LINE, "valign": "vcenter", "font_size": 10}
_REMARK: Look = {**_CELL, "font_size": 9, "text_wrap": True, "indent": 1}
_GRAND: Look = {**_CELL, "bold": True, "bg_color": HEAD}
_HEAD: Look = {**_CELL, "bold": True, "bg_color": HEAD, "align": "center", "text_wrap": True}
_SMALL_MONEY: Look = {
    **_CELL,
    "font_size": 9,
    "num_format": YEN_OR_DASH,
    "align": "right",
    "shrink": True,
}

_AMOUNT: Look = {**_CELL, "border": 2, "bold": True, "font_size": 22, "align": "center"}
_FORM_YEN: Look = {**_CELL, "font_size": 10.5, "align": "right", "shrink": True}
_FORM_TOTAL: Look = {**_FORM_YEN, "bold": True, "bg_color": TOTAL}

LOOKS: Mapping[str, Look] = {
    "plain": {"valign": "vcenter", "font_size": 10},
    "note": {"valign": "top", "font_size": 9, "text_wrap": True},
    "warn": {"bold": True, "font_color": WARN, "font_size": 10, "valign": "vcenter"},
    "title": {"bold": True, "font_size": 16, "valign": "vcenter"},
    "heading": {"bold": True, "font_size": 11, "valign": "vcenter"},
    "head": _HEAD,
    "text": {**_CELL, "text_wrap": True},
    # Left of a label that stands in: no lines between empty cells.
    "side": {"left": 1, "left_color": LINE, "font_size": 10},
    # @: a code that somebody types stays a text and keeps its zeros in front.
    "code": {**_CELL, "align": "center", "num_format": "@"},
    "center": {**_CELL, "align": "center"},
    "money": {**_CELL, "num_format": YEN},
    "count": {**_CELL, "num_format": "#,##0"},
    "total_text": {**_CELL, "bold": True, "bg_color": TOTAL},
    "total_money": {**_CELL, "bold": True, "bg_color": TOTAL, "num_format": YEN},
    # the summary
    "total_count": {**_CELL, "bold": True, "bg_color": TOTAL, "num_format": "#,##0"},
    "total_right": {**_CELL, "bold": True, "bg_color": TOTAL, "align": "right"},
    "total_label": {**_CELL, "bold": True, "bg_color": TOTAL, "text_wrap": True},
    "total_remark": {**_REMARK, "bold": True, "bg_color": TOTAL},
    "grand_text": _GRAND,
    "grand_money": {**_GRAND, "num_format": YEN},
    "grand_count": {**_GRAND, "num_format": "#,##0"},
    "grand_right": {**_GRAND, "align": "right"},
    "right": {**_CELL, "align": "right", "text_wrap": True},
    "remark": _REMARK,
    "signed": {**_CELL, "num_format": SIGNED},
    "grand_signed": {**_GRAND, "num_format": SIGNED},
    "percent": {**_CELL, "num_format": PERCENT},
    "grand_percent": {**_GRAND, "num_format": PERCENT},
    "day": {**_CELL, "num_format": DATE, "align": "center"},
    "per_head": {**_CELL, "num_format": "#,##0.0"},
    "difference": {**_CELL, "num_format": DIFFERENCE},
    "wrong_count": {**_CELL, "num_format": "[Red]#,##0;[Red]-#,##0;0"},
    "verdict": {**_GRAND, "align": "center", "font_size": 12},
    "alert": {**_CELL, "align": "center", "bold": True, "font_color": WARN},
    "link": {**_CELL, "font_color": LINK, "underline": 1},
    **{f"item_{n}": {**_CELL, "text_wrap": True, "indent": n} for n in range(6)},
    **{f"bold_item_{n}": {**_CELL, "text_wrap": True, "bold": True, "indent": n} for n in range(6)},
    "data_head": {**_CELL, "bold": True, "bg_color": HEAD},
    "data_text": {"font_size": 10, "num_format": "@", "indent": 1},
    "data_number": {"font_size": 10, "num_format": "0"},
    # the invoices
    "small_head": {**_HEAD, "font_size": 9},
    "small_text": {**_CELL, "font_size": 9, "text_wrap": True},
    "small_center": {**_CELL, "font_size": 9, "align": "center"},
    "small_code": {**_CELL, "font_size": 9, "align": "center", "num_format": "@"},
    "small_money": _SMALL_MONEY,
    "small_bold_money": {**_SMALL_MONEY, "bold": True},
    "small_share": {**_SMALL_MONEY, "num_format": '#,##0.000;"△"#,##0.000;0.000'},
    "small_factor": {**_SMALL_MONEY, "num_format": '0.0000000;"△"0.0000000;0'},
    "small_percent": {**_SMALL_MONEY, "num_format": "0%"},
    "small_ratio": {**_SMALL_MONEY, "num_format": "0.000%"},
    "small_told": {
        **_SMALL_MONEY,
        "align": "left",
        "num_format": TOLD,
    },
    "small_bold_text": {**_CELL, "font_size": 9, "bold": True, "text_wrap": True},
    "small_note": {**_CELL, "font_size": 8, "align": "center", "text_wrap": True},
    "small_band": {**_CELL, "font_size": 9, "bold": True, "bg_color": TOTAL},
    "small_band_money": {**_SMALL_MONEY, "bold": True, "bg_color": TOTAL},
    "small_rule": {**_CELL, "font_size": 9, "text_wrap": True, "font_color": QUIET},
    "billed": {**_CELL, "align": "right", "num_format": YEN},
    "form_right": {"font_size": 10.5, "align": "right", "valign": "vcenter"},
    "form_to": {"font_size": 14, "valign": "vcenter"},
    "form_to_long": {"font_size": 14, "valign": "vcenter", "text_wrap": True},
    "form_title": {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"},
    "form_body": {"font_size": 10.5, "valign": "vcenter", "text_wrap": True},
    "form_not_a_bill": {
        "bold": True,
        "font_size": 10.5,
        "font_color": WARN,
        "valign": "vcenter",
        "text_wrap": True,
    },
    "form_label": {**_HEAD, "font_size": 10.5},
    "form_text": {**_CELL, "font_size": 10.5, "text_wrap": True, "indent": 1},
    "form_amount_label": {**_HEAD, "font_size": 13, "border": 2},
    "form_amount": {**_AMOUNT, "num_format": '"金"#,##0"円";"金△"#,##0"円"'},
    "form_amount_either_way": {**_AMOUNT, "num_format": '"金"#,##0"円";"金"#,##0"円"'},
    "form_amount_yen_sign": {**_AMOUNT, "num_format": '"￥"#,##0;"￥△"#,##0'},
    "form_amount_either_way_yen_sign": {**_AMOUNT, "num_format": '"￥"#,##0;"￥"#,##0'},
    "form_yen": {**_FORM_YEN, "num_format": YEN_INSIDE},
    "form_row_yen": {**_FORM_YEN, "num_format": DASH_INSIDE},
    "form_change": {**_FORM_YEN, "num_format": SIGNED_INSIDE},
    "form_total_yen": {**_FORM_TOTAL, "num_format": YEN_INSIDE},
    "form_total_change": {**_FORM_TOTAL, "num_format": SIGNED_INSIDE},
    "form_beside": {"font_size": 10.5, "align": "right", "valign": "vcenter", "indent": 1},
    "form_again": {"bold": True, "font_size": 10.5, "valign": "vcenter", "text_wrap": True},
    "form_seal": {"font_size": 14, "font_color": "#8A94A6", "align": "center", "valign": "vcenter"},
    "form_total_text": {
        **_CELL,
        "font_size": 10.5,
        "bold": True,
        "bg_color": TOTAL,
        "align": "center",
    },
    "form_day": {**_CELL, "font_size": 10.5, "num_format": DATE_AND_DAY, "align": "center"},
    "form_issued": {
        "font_size": 10.5,
        "num_format": DATE,
        "align": "right",
        "valign": "vcenter",
    },
    "form_note": {"font_size": 9, "valign": "top", "text_wrap": True},
}


class Styles:
    """Formats of one workbook, made when first asked for."""

    def __init__(self, book: Workbook, looks: Mapping[str, Look] = LOOKS) -> None:
        self._book = book
        self._looks = looks
        self._made: dict[str, Format] = {}

    def __getitem__(self, name: str) -> Format:
        if name not in self._made:
            self._made[name] = self._book.add_format({**FACE, **self._looks[name]})
        return self._made[name]
