"""A template filled for one bill after another: drawn once, the same places exchanged each time.

A cell that holds nothing but a placeholder takes the value itself, a number for an amount.
Everywhere else (page header, text boxes, title of the document) the words are exchanged.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from xlsxwriter.utility import xl_cell_to_rowcol

from apportion.core.dataclass import dataclass
from apportion.core.text import name_key
from apportion.core.year import wareki
from apportion.forms.book import MARK
from apportion.forms.check import BEFORE
from apportion.forms.check_book import HEADER_ROOM
from apportion.forms.files import FORM, path_of
from apportion.forms.slots import (
    PAYMENT,
    SAID,
    STATE,
    TAX_WORDS,
    TOTAL,
    Slot,
    Template,
    may_be_hidden,
    read,
    text_parts,
)
from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.bill import Bill, BillRow
from apportion.workbook.letters.graft import Grafted, grafted
from apportion.workbook.letters.words import Words
from apportion.workbook.sheets.package import STRINGS, PackagePart, deflated, joined, literal
from apportion.workbook.sheets.page import STAMPS
from apportion.workbook.sheets.recorder import Recorder, Shell, Strings, cell, with_strings


def chosen(outcome: Outcome) -> Template | None:
    """The template of this kind of paper; None where it has our form. It was checked before."""
    words = Words(outcome)
    name = words.own(FORM)
    data = outcome.attached.get(path_of(name) or "") if name else None
    found = read(data) if data is not None else None
    return found if isinstance(found, Template) else None


Value = str | int | date
"""Text, whole yen, or a day."""


def values(bill: Bill) -> Mapping[str, Value]:
    """What the placeholders stand for on a bill; one that is not here is empty there."""
    words = bill.words
    fiscal, _, subject = words.fiscal.partition("　")
    return {
        STATE: STAMPS[words.outcome.state] or words.elsewhere,
        "表題": bill.title,
        "金額の見出し": bill.amount_label,
        "事由の見出し": words.reason_label(bill.way),
        "変更する通知": bill.former,
        "宛先": bill.addressee,
        "団体名": bill.payer.name,
        "団体コード": bill.payer.code,
        "年度": words.outcome.year.label,
        "整理番号": bill.serial,
        "件名": bill.subject,
        "本文": bill.body,
        "請求の事由": words.reason,
        "根拠": words.legal,
        "所属年度": fiscal,
        "科目": subject,
        "課税注記": words.tax(),
        "備考": "\n".join((*words.said("備考"), *_remarks(bill))),
        "再発行": bill.replaces,
        "公印": "（公印省略）" if words.seal == "省略" else "",
        "登録番号": words.registered,
        **{key: words.joined(key) for key in SAID},
        **dict(_asked(bill)),
        **dict(_rows(bill)),
        **dict(_taxes(bill)),
    }


def _asked(bill: Bill) -> Iterator[tuple[str, Value]]:
    """What only a bill says: how and when to pay."""
    if not bill.words.decided:
        return
    yield "文書番号", bill.document
    if bill.issued is not None:
        yield "発行日", bill.issued
    if bill.pays:
        yield from ((key, bill.words.joined(key)) for key in PAYMENT)
    if bill.due:
        yield "納期限", bill.due
    yield from _changes(bill) if bill.changes else _terms(bill)


def _terms(bill: Bill) -> Iterator[tuple[str, Value]]:
    """What is to be paid by which day."""
    for number, part in enumerate(bill.instalments, start=1):
        yield f"第{number}期", f"第{part.number}期"
        yield f"第{number}期金額", part.yen
        if part.day is not None:
            yield f"第{number}期納期限", part.day


def _changes(bill: Bill) -> Iterator[tuple[str, Value]]:
    """Every instalment before and after a 補正."""
    for number, change in enumerate(bill.changes, start=1):
        yield f"第{number}期", change.label
        yield f"第{number}期納期限", change.when
        yield f"第{number}期変更前", change.before
        yield f"第{number}期金額", change.after
        yield f"第{number}期区分", change.word


def _remarks(bill: Bill) -> tuple[str, ...]:
    """What the signs on a paper of another kind mean; a bill has said it in its own words."""
    return bill.remarks if bill.words.document.key else ()


def _rows(bill: Bill) -> Iterator[tuple[str, Value]]:
    """The breakdown and its sums."""
    before = BEFORE[bill.words.document.key]
    whole = BillRow(label="", amount=sum(row.amount for row in bill.rows), previous=bill.previous)
    yield TOTAL, bill.total
    yield "合計", whole.amount
    for number, row in enumerate(bill.rows, start=1):
        yield f"内訳{number}事業", row.label
        yield from ((f"内訳{number}{key}", value) for key, value in _columns(row, before))
    sums = _columns(whole, before)
    yield from ((f"{key}合計", value) for key, value in sums if key != "負担金額")
    ways = (f"{label} {said(yen)}円" for label, yen in bill.handled)
    yield "差額の扱い", "、".join(ways)


def _taxes(bill: Bill) -> Iterator[tuple[str, Value]]:
    """The total by rate; nothing where nobody of the council is charged 消費税."""
    words = []
    for row in bill.taxes:
        tax = f"（うち消費税額 {said(row.tax)}円）" if row.tax is not None else ""
        words.append(f"{row.label} {said(row.amount)}円{tax}")
        yield ("不課税額" if row.tax is None else "課税対象額"), row.amount
        if row.tax is not None:
            yield "消費税額", row.tax
    yield TAX_WORDS, "、".join(words)


def _columns(row: BillRow, before: str) -> Iterator[tuple[str, Value]]:
    yield "負担金額", row.amount
    if row.previous is not None:
        yield before, row.previous
        yield "増減", row.amount - row.previous


def said(value: Value) -> str:
    """A value within a text: `1,234`, `△5`, `令和7年7月31日`."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return wareki(value)
    return f"{'△' if value < 0 else ''}{abs(value):,}"


_SPOT = re.compile(
    rf'<c r="([A-Z]+\d+)" s="\d+"/>|(?P<row><row [^>]*(?<!/)>)|(?P<mark>{MARK.pattern})'
)
_ROW_END = "</row>"
_HEADERS = re.compile(r"<headerFooter.*?</headerFooter>", re.DOTALL)
_SIZE = re.compile(r"&amp;\d+$")
_CELL, _HEADER, _SIZED, _LINE = "セル", "ページ", "大きさのあと", "一行"
_ROW = "行"


class Spot(NamedTuple):
    """A place that is filled: a cell (`slot`), a mention of `name` in a text of some kind, or a row.

    A row whose placeholders, `names`, are all empty is hidden.
    """

    name: str
    kind: str
    slot: Slot | None = None
    names: tuple[str, ...] = ()


class Gaps(NamedTuple):
    """A part cut at its spots: ``texts[i]`` stands before spot i, the last one at the end."""

    texts: Sequence[str]
    spots: Sequence[Spot]

    def filled(self, known: Mapping[str, Value], strings: Strings) -> str:
        """The part with what stands at its spots."""
        pieces = [self.texts[0]]
        for spot, text in zip(self.spots, self.texts[1:], strict=True):
            pieces += (_piece(spot, known, strings), text)
        return "".join(pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnForm:
    """A template with our sheets behind it, ready to be filled: some of its parts have gaps."""

    whole: Grafted
    parts: Mapping[str, PackagePart]
    gaps: Mapping[str, Gaps]

    def book(self, bill: Bill, behind: Sequence[Recorder]) -> bytes:
        """The workbook of a bill, with these sheets behind it."""
        known, strings = values(bill), Strings(self.whole.strings)
        own = {part: gaps.filled(known, strings).encode() for part, gaps in self.gaps.items()}
        for (part, page), note in zip(self.whole.pages.items(), behind, strict=True):
            own[part] = page.filled([note], self.whole.styles, strings)
        texts = own.get(STRINGS, self.whole.parts[STRINGS])
        own[STRINGS] = with_strings(texts, strings)
        made = {name: deflated(name, data) for name, data in own.items()}
        return joined((dict(self.parts) | made).values())


def drawn(template: Template, shell: Shell) -> OwnForm:
    """Put the sheets of a shell behind a template and find the places to be filled."""
    whole = grafted(template, shell)
    gaps = {}
    pages = {page.part: page.name for page in template.book.pages}
    for part in text_parts(template.book.parts):
        if part in whole.parts:
            cut = _cut(whole, part, pages.get(part))
            if cut.spots:
                gaps[part] = cut
    return OwnForm(
        whole=whole,
        parts={name: deflated(name, data) for name, data in whole.parts.items()},
        gaps=gaps,
    )


def _cut(whole: Grafted, part: str, sheet: str | None) -> Gaps:
    """A part cut at its spots; `sheet` is its name where it is a sheet."""
    text = whole.parts[part].decode()
    slots = {slot.cell: slot for slot in whole.slots if slot.sheet == sheet}
    header = _HEADERS.search(text) if sheet else None
    spots: list[Spot] = []
    texts, end = [], 0
    for match in _SPOT.finditer(text):
        mark, slot, start = MARK.fullmatch(match[0]), slots.get(match[1]), match.start()
        if mark:
            in_header = header is not None and header.start() < start < header.end()
            kind = _kind(text, start, in_header=in_header, in_sheet=bool(sheet), part=part)
            spots.append(Spot(name_key(mark[1]), kind))
        elif slot:
            spots.append(Spot(slot.name, _CELL, slot))
        elif match["row"] and sheet and " hidden=" not in match["row"]:
            names = _names_in(text[match.end() : text.index(_ROW_END, match.end())], slots)
            if not names or not all(may_be_hidden(name) for name in names):
                continue
            spots.append(Spot(match["row"], _ROW, names=names))
        else:
            continue
        texts.append(text[end:start])
        end = match.end()
    return Gaps((*texts, text[end:]), spots)


def _names_in(row: str, slots: Mapping[str, Slot]) -> tuple[str, ...]:
    """Placeholders of a row."""
    named = [name_key(mark[1]) for mark in MARK.finditer(row)]
    cells = (match[1] for match in _SPOT.finditer(row))
    return (*named, *(slots[cell].name for cell in cells if cell in slots))


def _kind(text: str, start: int, *, in_header: bool, in_sheet: bool, part: str) -> str:
    """How a text at this place is written."""
    if in_header:
        return _SIZED if _SIZE.search(text[max(0, start - 8) : start]) else _HEADER
    inside = text.rfind("<", 0, start) < text.rfind(">", 0, start)
    return _CELL if inside and (in_sheet or "comments" in part.lower()) else _LINE


def _piece(spot: Spot, known: Mapping[str, Value], strings: Strings) -> str:
    """XML of a spot."""
    if spot.kind == _ROW:
        return _row(spot, known)
    value = known.get(spot.name, "")
    return _cell(spot.slot, value, strings) if spot.slot else _text(said(value), spot.kind)


def _row(spot: Spot, known: Mapping[str, Value]) -> str:
    """The beginning of a row; hidden where all that it is for is empty."""
    empty = all(known.get(name, "") == "" for name in spot.names)
    return spot.name.removesuffix(">") + ' hidden="1">' if empty else spot.name


def _cell(slot: Slot, value: Value, strings: Strings) -> str:
    """A whole cell with a typed value in the style that it was drawn with."""
    note = Recorder()
    row, column = xl_cell_to_rowcol(slot.cell)
    style = ""
    if isinstance(value, date):
        note.day(row, column, value, style)
    elif isinstance(value, int):
        note.number(row, column, value, style)
    elif value:
        note.text(row, column, value, style)
    else:
        note.blank(row, column, style)
    return cell(slot.cell, note.cells[row][column], slot.style, strings)


def _text(text: str, kind: str) -> str:
    """A mention in a text, as its place needs it."""
    if kind == _CELL:
        return literal(text)
    line = escape(" ".join(_lines(text)))
    if kind == _LINE:
        return line
    # In a header & begins a command, and a digit behind a size would belong to the size.
    short = escape(" ".join(_lines(text))[:HEADER_ROOM].replace("&", "&&"))
    return f" {short}" if kind == _SIZED and short[:1].isdigit() else short


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n"))
