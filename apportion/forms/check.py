"""What is wrong with a template, before anything is computed from it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from types import MappingProxyType
from typing import NamedTuple

from apportion.core.problem import Fault, Problem, tell
from apportion.core.text import name_key, near
from apportion.forms.book import MOST_MARKS
from apportion.forms.check_book import book_problems
from apportion.forms.slots import (
    ADDRESSEES,
    IN_DRAWINGS,
    NAMES,
    NOWHERE,
    PREVIOUS,
    STATE,
    TAX_WORDS,
    TAXES,
    TOTAL,
    Place,
    Template,
    kind_of,
    known,
    read,
    text_parts,
)
from apportion.rules.book import DECIDED, RuleBook

_ALWAYS = ("件名", "請求の事由", "所属年度", "科目")
_GIVEN = (
    *(
        "発行者",
        "住所",
        "代表者",
        "発行日",
        "文書番号",
        "再発行",
        "納入場所",
        "振込先",
        "口座名義",
        "口座名義カナ",
    ),
    *("発行責任者", "担当者", "備考"),
)
_NOTE, _TAX = "課税注記", "課税"
_SEAL, _NO_SEAL = "公印", "公印省略"
_PICTURE = b"<xdr:pic>"
_TAG = re.compile(r"<[^>]*>")

Fields = Mapping[str, tuple[str, ...]]
"""Placeholders that are expected, each with texts of which one, drawn in its place, does as well."""


_OF_KIND = {"変更": ("変更する通知",), "精算": ("差額の扱い",)}
"""What a paper of another kind must say besides."""
BEFORE = {"": "前年度", "変更": "変更前", "精算": "請求済額"}
"""What the amounts are compared with, by kind of paper: the end of its placeholders."""
_OF_BILLS = ("文書番号", "発行日", "再発行")
"""What papers of another kind say where ■請求書 gives their own."""


def expected(book: RuleBook, kind: str, projects: int, instalments: int) -> Fields:
    """What a paper of these rules should say; nothing before they are decided."""
    if book.state != DECIDED:
        return {}
    fields: dict[str, tuple[str, ...]] = dict.fromkeys(_ALWAYS, ())
    if any(file.head.legal for file in book.files):
        fields["根拠"] = ()
    for number in range(1, projects + 1):
        fields |= {f"内訳{number}事業": (), f"内訳{number}負担金額": ()}
        if kind:
            fields[f"内訳{number}{BEFORE[kind]}"] = ()
    for number in range(1, instalments + 1):
        fields[f"第{number}期納期限"] = ()
        if instalments > 1:
            fields[f"第{number}期金額"] = ()
    given = _given(book)
    if kind:
        given = {key: lines for key, lines in given.items() if key not in _OF_BILLS}
        fields |= dict.fromkeys(("文書番号", "発行日", *_OF_KIND[kind]), ())
    return {**fields, **given, _NOTE: (_TAX,)}


def _given(book: RuleBook) -> Fields:
    """What ■請求書 gives."""
    texts = {
        key: tuple(line.text for file in book.files for line in file.invoice.get(key, ()))
        for key in (*_GIVEN, _SEAL)
    }
    without_seal = "省略" in texts.pop(_SEAL)
    return {key: lines for key, lines in texts.items() if lines} | (
        {_SEAL: (_NO_SEAL,)} if without_seal else {}
    )


def missing(file: str, template: Template, fields: Fields) -> Iterator[Problem]:
    """One message with every field that the template prints nowhere."""
    shown, drawn = printed(template), _drawn(template) if fields else ""
    tables = {kind for kind, number in map(kind_of, shown) if number}  # too few rows: W706
    left = [
        name
        for name, texts in fields.items()
        if name not in shown
        and kind_of(name)[0] not in tables
        and not any(name_key(text) in drawn for text in texts)
    ]
    if left:
        marks = " ".join(f"{{{{{name}}}}}" for name in left)
        place = Place(template.book.form.name, "").source(file)
        yield tell("W709", place, count=len(left), marks=marks)


def unsealed(file: str, template: Template) -> Iterator[Problem]:
    """A template without any picture, where the seal is to be printed as one."""
    form = template.book.form
    drawings = (template.book.parts[part] for part in template.book.drawings(form))
    if any(_PICTURE in data for data in drawings):
        return
    yield tell("W710", Place(form.name, "").source(file))


def printed(template: Template) -> set[str]:
    """Placeholders that come onto paper, on any sheet that is printed."""
    form = template.book.form.name
    pages = {page.name for page in template.book.pages if not page.hidden}
    places = [
        *((slot.name, Place(slot.sheet, slot.cell)) for slot in template.slots),
        *template.texts,
    ]
    return {
        name
        for name, (sheet, cell) in places
        if sheet == IN_DRAWINGS
        or (sheet in pages and (sheet != form or not cell or template.paper.shows(cell)))
    }


def _drawn(template: Template) -> str:
    """Every text of the template itself, folded."""
    parts = template.book.parts
    whole = "".join(parts[name].decode() for name in text_parts(parts) if name.startswith("xl/"))
    return name_key(unescape(_TAG.sub("", whole)))


class Needs(NamedTuple):
    """What the bills of a year need: rows for 事業, ended 事業 (0 or 1) and 期, 消費税, fields, a seal."""

    projects: int
    ended: int
    instalments: int
    taxed: bool = False
    fields: Fields = MappingProxyType({})
    sealed: bool = False


def problems(file: str, data: bytes, needs: Needs) -> Iterator[Problem]:
    """Everything that is wrong with the template `file`."""
    template = read(data)
    if isinstance(template, Fault):
        yield template.at(NOWHERE.source(file))
        return
    found = [
        *((slot.name, Place(slot.sheet, slot.cell)) for slot in template.slots),
        *template.texts,
    ]
    if len(found) > MOST_MARKS:
        yield tell("W702.many", NOWHERE.source(file), count=len(found), most=MOST_MARKS)
        return
    yield from _names(file, template, found)
    yield from _wanted(file, template)
    if needs.taxed:
        yield from _taxes(file, template, {name for name, _ in found})
    yield from _rows(file, {name for name, _ in found}, needs)
    yield from missing(file, template, needs.fields)
    if needs.sealed:
        yield from unsealed(file, template)
    yield from book_problems(file, template)


def _names(file: str, template: Template, found: Sequence[tuple[str, Place]]) -> Iterator[Problem]:
    """Placeholders that do not exist, and braces that are none."""
    for name, place in dict.fromkeys(found):
        if not known(name):
            yield _unknown(file, name, place)
    for place in dict.fromkeys(template.stray):
        yield tell("W703.half", place.source(file))
    for name, place in dict.fromkeys(template.single):
        yield tell("W703.single", place.source(file), name=name)
    for name, text in template.adrift:
        yield tell("W705" if text else "W705.empty", NOWHERE.source(file), name=name, text=text)


def _unknown(file: str, name: str, place: Place) -> Problem:
    kind, number = kind_of(name)
    close = near(kind, NAMES)
    right = close.replace("n", str(number or 1)) if close else ""
    return tell("W703.near" if right else "W703", place.source(file), name=name, right=right)


def _wanted(file: str, template: Template) -> Iterator[Problem]:
    """What a bill cannot do without: whom it is for, how much, and that a draft is a draft."""
    form = template.book.form
    place, paper = Place(form.name, "").source(file), template.paper
    cells = {s.name for s in template.slots if s.sheet == form.name and paper.shows(s.cell)}
    texts = {
        name
        for name, (sheet, cell) in template.texts
        if sheet == IN_DRAWINGS or (sheet == form.name and (not cell or paper.shows(cell)))
    }
    if TOTAL not in cells:
        yield tell("W704.total", place, name=TOTAL)
    if not (cells | texts) & set(ADDRESSEES):
        yield tell("W704.addressee", place)
    if STATE not in cells | texts:
        yield tell("W704.state", place)


def _taxes(file: str, template: Template, names: set[str]) -> Iterator[Problem]:
    """What a bill with 消費税 must say."""
    for name in TAXES:
        in_words = name != TAXES[0] and TAX_WORDS in names
        if name not in names and not in_words:
            yield tell("W704.tax", Place(template.book.form.name, "").source(file), name=name)


def _rows(file: str, names: set[str], needs: Needs) -> Iterator[Problem]:
    """Too few rows of a table: an amount would be left out."""
    past = any(kind_of(name)[0] == PREVIOUS for name in names)
    for first, count, what in (
        ("内訳", needs.projects + (needs.ended if past else 0), "事業"),
        ("第", needs.instalments, "納期"),
    ):
        kinds = {kind for kind, number in map(kind_of, names) if number and kind.startswith(first)}
        wanted = {kind.replace("n", str(n)) for kind in kinds for n in range(1, count + 1)}
        missing = sorted(wanted - names, key=lambda name: kind_of(name)[::-1])
        if missing:
            listed = " ".join(f"{{{{{name}}}}}" for name in missing)
            yield tell("W706", NOWHERE.source(file), what=what, count=count, listed=listed)
