"""`apportion init`: a workspace from which a new council starts, in which everything works."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.problem import InputError, OutputError, Problem, Source, tell
from apportion.core.sums import grouped
from apportion.core.year import FiscalYear
from apportion.outputs import stage
from apportion.tables.grid import letters
from apportion.tables.xlsx_reader import NOTES_SHEET
from apportion.workbook.sheets.page import height, lines
from apportion.workbook.sheets.sheet import Sheet, add_sheet, new_book
from apportion.workbook.sheets.styles import DATE, FONT, LOOKS, Look, Styles
from apportion.years.begin.layouts import LAYOUTS, BookLayout, ColumnLayout, EntryKind

ROOM = 60
"""Rows that are drawn, those of the sample among them; below, the formats go on without lines."""

_REACH = 1_000
"""Row down to which choices and notes are offered."""

_PIXEL = 0.75
_SIZE = 10
_ROW, _TITLE = 18.0, 28.0
_NOTE_WIDTHS = (130.0, 560.0)
_PAPER, _SMALLEST = 752, 60
"""Points across A4, and the least percent at which columns are squeezed onto one page."""

_FORMATS: Mapping[EntryKind, Look] = {
    EntryKind.TEXT: {"num_format": "@", "text_wrap": True, "indent": 1},
    EntryKind.CODE: {"num_format": "@", "align": "center"},
    EntryKind.NUMBER: {"num_format": "#,##0"},
    EntryKind.DAY: {"num_format": DATE, "align": "center"},
    EntryKind.MARK: {"num_format": "@", "align": "center", "shrink": True},
}
_LINES: Look = {**LOOKS["center"], "align": "general"}
_STYLES: Mapping[str, Look] = {
    "head": LOOKS["head"],
    "title": LOOKS["title"],
    "text": {**LOOKS["text"], "indent": 1},
    "note": {"valign": "top", "font_size": _SIZE, "text_wrap": True},
    "decimals": {"num_format": "#,##0.0#####"},
    **{kind.value: {**_LINES, **look} for kind, look in _FORMATS.items()},
    **{f"{kind.value}_below": {"font_size": _SIZE, **look} for kind, look in _FORMATS.items()},
}
_A_NUMBER: Mapping[str, object] = {
    "validate": "decimal",
    "criteria": "between",
    "minimum": -(10**15),
    "maximum": 10**15,
    "error_title": "数だけを入れます",
    "error_message": "単位は見出しにあります。「20,000千円」ではなく「20000」と入れてください。",
}


def book(layout: BookLayout, rows: Sequence[Sequence[str]], year: FiscalYear) -> bytes:
    """Bytes of the workbook; the first of `rows` are the headings, a number is plain digits."""
    buffer = BytesIO()
    made = new_book(buffer, layout.title, year)
    styles = Styles(made, _STYLES)
    headings = rows[0]
    columns = [layout.columns.get(heading, layout.other) for heading in headings]
    table = _Table(add_sheet(made, styles, layout.title), headings, columns)
    table.write(rows[1:])
    table.set_up(layout)
    _write_notes(
        add_sheet(made, styles, NOTES_SHEET), layout, dict(zip(headings, columns, strict=True))
    )
    made.close()
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Table:
    """The sheet that is filled in."""

    sheet: Sheet
    headings: Sequence[str]
    columns: Sequence[ColumnLayout]

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        """Headings, the rows of the sample, and empty ones."""
        for place, heading in enumerate(self.headings):
            self.sheet.text(0, place, heading, "head")
        empty = [[""] * len(self.columns)] * (ROOM - len(rows))
        for row, texts in enumerate([*rows, *empty], start=1):
            for place, (column, text) in enumerate(zip(self.columns, texts, strict=True)):
                self._cell(row, place, column.kind, text)

    def set_up(self, layout: BookLayout) -> None:
        """Widths, what stays in sight, help for typing, and print set-up."""
        raw = self.sheet.raw
        raw.set_default_row(_ROW)
        named = list(zip(self.headings, self.columns, strict=True))
        for place, (heading, column) in enumerate(named):
            below = self.sheet.styles[f"{column.kind.value}_below"]
            raw.set_column_pixels(place, place, round(column.points / _PIXEL), below)
            self._help(place, column, heading)
        self.sheet.height(0, height(max(lines(h, c.points, _SIZE) for h, c in named), _SIZE))
        raw.hide_gridlines(1)
        raw.freeze_panes(1, layout.still)
        raw.ignore_errors({"number_stored_as_text": f"A1:{letters(len(named))}{_REACH}"})
        self._paper(layout)

    def _paper(self, layout: BookLayout) -> None:
        """A4 across; a table that is too wide goes on over further pages, with its names."""
        raw = self.sheet.raw
        raw.set_landscape()
        raw.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        raw.repeat_rows(0)
        raw.repeat_columns(0, layout.still - 1)
        needed = sum(column.points for column in self.columns)
        raw.set_print_scale(max(min(int(_PAPER / needed * 100), 100), _SMALLEST))
        raw.set_header(f'&L&"{FONT}"&9 {layout.title}')
        raw.set_footer(f'&C&"{FONT}"&9&P / &N')

    def _cell(self, row: int, place: int, kind: EntryKind, text: str) -> None:
        if not text:
            self.sheet.blank(row, place, kind.value)
        elif kind is EntryKind.NUMBER:
            style = self.sheet.styles[kind.value]
            self.sheet.raw.write_number(row, place, float(text), style)
        elif kind is EntryKind.DAY:
            self.sheet.day(row, place, date.fromisoformat(text), kind.value)
        else:
            self.sheet.text(row, place, text, kind.value)

    def _help(self, place: int, column: ColumnLayout, heading: str) -> None:
        """Choices and notes, also for the rows below."""
        if not column.note:
            return
        raw, area = self.sheet.raw, (1, place, _REACH, place)
        shown = {"input_title": heading.partition("（")[0][:32], "input_message": column.note}
        raw.data_validation(0, place, 0, place, {"validate": "any", **shown})
        if column.choices:
            raw.data_validation(*area, _choice(column, heading))
        elif column.kind is EntryKind.NUMBER:
            raw.data_validation(*area, {**_A_NUMBER, **shown})
            raw.conditional_format(*area, self._decimals(letters(place + 1)))
        else:
            raw.data_validation(*area, {"validate": "any", **shown})

    def _decimals(self, column: str) -> dict[str, object]:
        """Show the decimals of a number that has some: a rounded one would mislead."""
        formula = f"={column}2<>INT({column}2)"
        return {"type": "formula", "criteria": formula, "format": self.sheet.styles["decimals"]}


def _choice(column: ColumnLayout, heading: str) -> dict[str, object]:
    return {
        "validate": "list",
        "source": list(column.choices),
        "show_error": not column.free,
        "error_title": f"{heading}を選びます",
        "error_message": f"書けるのは {'、'.join(column.choices)} か空欄です。",
    }


def _write_notes(sheet: Sheet, layout: BookLayout, columns: Mapping[str, ColumnLayout]) -> None:
    """The sheet 書き方: how the table works, then its columns one by one."""
    first, second = _NOTE_WIDTHS
    for place, points in enumerate(_NOTE_WIDTHS):
        sheet.raw.set_column_pixels(place, place, round(points / _PIXEL))
    sheet.raw.set_default_row(_ROW)
    sheet.text(0, 0, f"{layout.title}の書き方", "title")
    sheet.height(0, _TITLE)
    row = 1
    for note in layout.notes:
        sheet.merged(row, 0, row, 1, note, "note")
        sheet.height(row, height(lines(note, first + second, _SIZE), _SIZE))
        row += 1
    for heading, note in [("見出し", "書き方"), *_described(columns)]:
        style = "head" if heading == "見出し" else "text"
        sheet.text(row, 0, heading, style)
        sheet.text(row, 1, note, style)
        tall = max(lines(heading, first, _SIZE), lines(note, second, _SIZE))
        sheet.height(row, height(tall, _SIZE) + 4)
        row += 1
    sheet.raw.fit_to_pages(1, 0)


def _described(columns: Mapping[str, ColumnLayout]) -> list[tuple[str, str]]:
    """Headings with their notes; what several columns share is said once."""
    headings = grouped((c.note, heading) for heading, c in columns.items() if c.note)
    return [(_named(shared), note) for note, shared in headings.items()]


def _named(headings: Sequence[str]) -> str:
    short = list(dict.fromkeys(heading.partition("（")[0] for heading in headings))
    return "、".join(short[:3]) + ("など" if len(short) > 3 else "")  # noqa: PLR2004  three say it


YEAR = FiscalYear(2025)
"""The year that the samples are of: their rules name days and figures of 令和7年度."""

COUNCIL, TOWNS = (Path(__file__).parent / name for name in ("council", "towns"))
"""The samples: a council that shows every phrase, with examples of forms; three towns with one 事業."""

FORMS = "rules/様式"
_WORK = "見本"
MANUALS = ("rules/README.md", "members/README.md")
_CLONE = Path(__file__).parents[3]
_BOM = "\ufeff"


def init(folder: Path, sample: Path = TOWNS) -> tuple[str, ...]:
    """Write a sample into a new or empty folder; the paths of its files below it.

    All of it is there or nothing. Raises `InputError` where something is there already, `OutputError`
    where the folder cannot be written.
    """
    made = dict(sorted(files(sample)))  # all of them before the first is written
    try:
        stage.recover(folder)
        if problem := _in_the_way(folder):
            raise InputError((problem,))
        with stage.opened(folder, _WORK) as new:
            for name, data in made.items():
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            tops = dict.fromkeys(Path(name).parts[0] for name in made)
            stage.place(new, [(top, folder / top) for top in tops], once=True)
    except OSError as error:
        message = (
            f"{folder} に書けませんでした（{error.strerror or error}）。何も書いていません。\n"
            "  直し方: 書ける場所とディスクの空きを確かめて、もう一度実行してください。"
        )
        raise OutputError(message) from error
    return tuple(made)


def files(sample: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a sample: its path below the workspace, and its bytes."""
    for path in (*sample.glob("members/**/*.csv"), *sample.glob("rules/r*/*.*")):
        name = path.relative_to(sample)
        layout = LAYOUTS.get(name.with_suffix("").as_posix())
        if layout is None:
            yield name.as_posix(), _as_notepad_writes(path)
        else:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            yield name.with_suffix(".xlsx").as_posix(), book(layout, rows, YEAR)
    for manual in MANUALS:
        yield manual, _as_notepad_writes(manual_path(manual))
    if sample == COUNCIL:
        forms = COUNCIL / FORMS if (COUNCIL / FORMS).is_dir() else _CLONE / FORMS
        for form in forms.glob("例_*.xlsx"):
            yield f"{FORMS}/{form.name}", form.read_bytes()


def manual_path(manual: str) -> Path:
    """Where a manual lies: a wheel holds them, as the examples of forms, inside the council; a clone at its top."""
    own = COUNCIL / manual
    return own if own.is_file() else _CLONE / manual


def _as_notepad_writes(path: Path) -> bytes:
    """A text with byte-order mark and CRLF: right in every editor and in Excel."""
    text = path.read_text(encoding="utf-8-sig")
    return (_BOM + text.replace("\n", "\r\n")).encode()


def _in_the_way(folder: Path) -> Problem | None:
    """What lies where the workspace is to be: a file, or a folder with something in it."""
    source = Source(file=str(folder))
    if folder.exists() and not folder.is_dir():
        return tell("W911", source, folder=folder)
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if not found:
        return None
    more = f" など {len(found)} 件" if len(found) > 1 else ""
    return tell("W910", source, folder=folder, found=found[0], more=more)
