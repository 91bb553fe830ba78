"""Last year's 負担金 of each 事業: from the table previous, or from the 収入の部."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import ceil, fsum
from typing import Any, NamedTuple

from apportion.core.sums import summed
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.outcome.reconcile import contributions
from apportion.workbook.sheets.live import Area
from apportion.workbook.sheets.page import LOW_ROW, Page
from apportion.workbook.sheets.styles import FONT, LINK, QUIET, WARN

NOW, BEFORE, LESS = LINK, "#B9C6DA", WARN
_LESS_PALE = "#E7B5B0"
"""Of bars with their number inside them."""
_SMALL: dict[str, object] = {"name": FONT, "size": 8, "bold": False}
_HEADING: dict[str, object] = {"name": FONT, "size": 11, "color": QUIET}
_PIXEL = 0.75
_UNITS = ((100_000_000, "百万円", ",,"), (1_000_000, "千円", ","), (0, "円", ""))
"""From which amount on yen are shown in which unit, and what of the number format divides them."""


class Series(NamedTuple):
    """Bars of one colour: what they are called, their labels and their numbers."""

    name: str
    labels: Area
    numbers: Area
    colour: str

    def options(self, number_format: str, gap: int) -> dict[str, object]:
        """As XlsxWriter takes them."""
        return {
            "name": self.name,
            "categories": f"={self.labels.on('')}",
            "values": f"={self.numbers.on('')}",
            "fill": {"color": self.colour},
            "gap": gap,
            "data_labels": {"value": True, "num_format": number_format, "font": _SMALL},
        }


def unit(largest: int) -> tuple[str, str]:
    """Unit in which yen up to `largest` are readable, and its number format."""
    name, divisor = next((n, d) for least, n, d in _UNITS if largest >= least)
    return name, f'#,##0{divisor};"△"#,##0{divisor}'


def columns(page: Page, title: str, series: Sequence[Series], number_format: str) -> Any:  # noqa: ANN401  XlsxWriter has no types
    """Upright bars side by side, with their numbers above them."""
    chart = _chart(page, "column", title)
    for one in series:
        chart.add_series(one.options(number_format, 60))
    chart.set_x_axis({"num_font": _SMALL})
    chart.set_y_axis(_value_axis(number_format))
    return chart


def bars(page: Page, title: str, series: Series, number_format: str) -> Any:  # noqa: ANN401  the same
    """Bars below each other, the first row on top, each with its number."""
    chart = _chart(page, "bar", title)
    chart.add_series(series.options(number_format, 40))
    labels = {"reverse": True, "num_font": _SMALL, "label_position": "low", "interval_unit": 1}
    # A bar chart begins at the bottom; low labels stay clear of bars below 0.
    chart.set_y_axis(labels)
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"none": True})
    return chart


def waterfall(page: Page, title: str, areas: Sequence[Area], number_format: str) -> Any:  # noqa: ANN401  the same
    """Upright bars from an amount to another one; `areas`: labels, what bars stand on, up, down."""
    labels, low, up, down = areas
    chart = page.book.add_chart({"type": "column", "subtype": "stacked"})
    _looks(chart, title)
    base = Series("土台", labels, low, NOW).options(number_format, 40)
    chart.add_series({**base, "fill": {"none": True}, "data_labels": {"value": False}})
    shown = number_format.partition(";")[0]
    for name, area, colour, sign in (("額・増", up, BEFORE, ""), ("減", down, _LESS_PALE, '"△"')):
        options = Series(name, labels, area, colour).options(f"{sign}{shown};;", 40)
        chart.add_series(options)
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": _SMALL})
    chart.set_y_axis(_value_axis(number_format))
    return chart


def place(page: Page, row: int, chart: Any, widths: Sequence[float], high: float) -> None:  # noqa: ANN401  the same
    """Put a chart over columns so many points wide; it takes `rows_of(high)` rows.

    Who cannot see it is told what it shows: its title, and that the table has the numbers.
    """
    size = {"width": int(fsum(widths) / _PIXEL) - 2, "height": int(high / _PIXEL)}
    chart.set_size(size)
    # 2: it moves with the rows above it and keeps its size.
    told = f"グラフ: {chart.title.name}。数値は、このシートの表にあります。"
    options = {"object_position": 2, "description": told}
    page.sheet.raw.insert_chart(row, 0, chart, options)


def rows_of(high: float) -> int:
    """Low rows that a chart of so many points takes, with one free row."""
    return ceil(high / LOW_ROW) + 1


def _chart(page: Page, kind: str, title: str) -> Any:  # noqa: ANN401  the same
    chart = page.book.add_chart({"type": kind})
    _looks(chart, title)
    return chart


def _looks(chart: Any, title: str) -> None:  # noqa: ANN401  the same
    chart._write_a_latin = partial(_write_fonts, chart)  # noqa: SLF001  XlsxWriter knows no other font
    chart.set_title({"name": title, "name_font": _HEADING, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _SMALL})
    chart.set_chartarea({"border": {"color": "#C9D1DE"}})


def _write_fonts(chart: Any, latin: object) -> None:  # noqa: ANN401  the same
    """The font for Japanese signs as well: without it a program takes its own."""
    for tag in ("a:latin", "a:ea"):
        chart._xml_empty_tag(tag, latin)  # noqa: SLF001  the same


def _value_axis(number_format: str) -> dict[str, object]:
    return {
        "num_format": number_format,
        "num_font": _SMALL,
        "major_gridlines": {"visible": True, "line": {"color": "#DDE3EC"}},
        "line": {"none": True},
    }


CHARGED, BUDGETED = "負担金", "当初予算"
"""What of last year an amount is: what the members were charged, or what was budgeted to come in."""
FROM_TABLE = f"前年度の{CHARGED}は、前年度に各団体が負担した額です。"
FROM_INCOME = (
    f"前年度の{BUDGETED}は、収入の部にある負担金収入の前年度予算額です。負担した額ではありません。"
)
NO_TABLE = "前年度の額が分からないため、示していません。"


class Past(NamedTuple):
    """Yen of last year by folded 事業, what they are, and where they come from in words."""

    yen: Mapping[str, int]
    what: str
    source: str


def by_project(outcome: Outcome) -> Past:
    """What is known of last year: what the members paid, or what was budgeted to come in."""
    if outcome.past:
        paid = [pair for own in outcome.past.values() for pair in own.items()]
        return Past(summed(paid), CHARGED, FROM_TABLE)
    lines = [(line.project, line.previous) for line in contributions(outcome.tables)]
    known = [(name_key(project), yen) for project, yen in lines if yen is not None]
    return Past(summed(known), BUDGETED, FROM_INCOME if known else NO_TABLE)


def by_member(outcome: Outcome) -> dict[str, int]:
    """What each body that exists today paid over all 事業; empty without the table."""
    return {code: sum(own.values()) for code, own in (outcome.past or {}).items()}
