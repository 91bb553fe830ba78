"""What is wrong with a template, before anything is computed from it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from types import MappingProxyType
from typing import NamedTuple

from apportion.core.problem import Problem
from apportion.core.text import name_key, near
from apportion.forms.check_book import book_problems, problem
from apportion.forms.slots import (
    ADDRESSEES,
    IN_DRAWINGS,
    NAMES,
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
from apportion.tables.cells import Fault

_ALWAYS = ("件名", "請求の事由", "所属年度", "科目")
_GIVEN = (
    *("発行者", "発行日", "文書番号", "再発行", "納入場所", "振込先", "口座名義", "口座名義カナ"),
    *("発行責任者", "担当者", "備考"),
)
_NOTE, _TAX = "課税注記", "課税"
_SEAL, _NO_SEAL = "公印", "公印省略"
_PICTURE = b"<xdr:pic>"
_TAG = re.compile(r"<[^>]*>")

Fields = Mapping[str, tuple[str, ...]]
"""Placeholders that are expected, each with texts of which one, drawn in its place, does as well."""


def expected(book: RuleBook, projects: int, instalments: int) -> Fields:
    """What a bill of these rules should say; nothing before they are decided."""
    if book.state != DECIDED:
        return {}
    fields: dict[str, tuple[str, ...]] = dict.fromkeys(_ALWAYS, ())
    if any(file.head.legal for file in book.files):
        fields["根拠"] = ()
    for number in range(1, projects + 1):
        fields |= {f"内訳{number}事業": (), f"内訳{number}負担金額": ()}
    for number in range(1, instalments + 1):
        fields[f"第{number}期納期限"] = ()
        if instalments > 1:
            fields[f"第{number}期金額"] = ()
    return {**fields, **_given(book), _NOTE: (_TAX,)}


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
        why = "■請求書や規則で決まっていることが、この様式の請求書には出ません。"
        fix = (
            f"次の差込みを、印刷される所に書いてください: {marks}。"
            "様式に文で書いてある項目と、印刷しないと決めた項目は、そのままでかまいません。"
        )
        what = f"様式に印刷されない項目が {len(left)} 件あります。"
        yield problem(file, Fault("W709", what, why, fix), Place(template.book.form.name, ""))


def unsealed(file: str, template: Template) -> Iterator[Problem]:
    """A template without any picture, where the seal is to be printed as one."""
    form = template.book.form
    drawings = (template.book.parts[part] for part in template.book.drawings(form))
    if any(_PICTURE in data for data in drawings):
        return
    what = "「公印: 画像」ですが、様式に印影の画像がありません。"
    why = "様式を使う請求書には、公印画像のファイルを入れません。"
    fix = (
        "印影を様式の公印の場所に貼り付けてください（例と案の紙にも出ます）。"
        "押印するか省くときは、■請求書の公印を「空欄」か「省略」に直してください。"
    )
    yield problem(file, Fault("W710", what, why, fix), Place(form.name, ""))


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


MOST = 1_000
_TABLE = "差込みの名前の表は、説明書 2.17 にあります。"
_NAME = "差込みの名前が、一つのセルを指していません。"


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
        yield problem(file, template)
        return
    found = [
        *((slot.name, Place(slot.sheet, slot.cell)) for slot in template.slots),
        *template.texts,
    ]
    if len(found) > MOST:
        yield _too_many(file, len(found))
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


def _too_many(file: str, count: int) -> Problem:
    what = f"差込みが {count:,} か所あります。"
    why = f"書けるのは {MOST:,} か所までです。"
    return problem(file, Fault("W702", what, why, "要らない差込みを消してください。"))


def _names(file: str, template: Template, found: Sequence[tuple[str, Place]]) -> Iterator[Problem]:
    """Placeholders that do not exist, and braces that are none."""
    for name, place in dict.fromkeys(found):
        if not known(name):
            yield _unknown(file, name, place)
    why = "「{{」と「}}」のあいだに名前を書いた形だけが、差込みになります。"
    fix = "「{{団体名}}」のような形に直してください。差込みでなければ、「{」を一つにしてください。"
    for place in dict.fromkeys(template.stray):
        yield problem(file, Fault("W703", "「{{」か「}}」が片方だけあります。", why, fix), place)
    for name, place in dict.fromkeys(template.single):
        what = f"「{{{name}}}」の波かっこが一つずつです。"
        why = "波かっこを二つずつ書いた形だけが差込みです。書かれたまま印刷されてしまいます。"
        fix = f"{{{{{name}}}}} に直してください。"
        yield problem(file, Fault("W703", what, why, fix), place)
    for name, text in template.adrift:
        said = f"名前「{name}」は、{text} を指しています。" if text else f"名前「{name}」は空です。"
        fix = f"「数式」→「名前の管理」でこの名前を消し、入れたいセルに {{{{{name}}}}} と書いてください。"
        yield problem(
            file, Fault("W705", _NAME, f"{said}式のあるセルと、書式のないセルも使えません。", fix)
        )


def _unknown(file: str, name: str, place: Place) -> Problem:
    kind, number = kind_of(name)
    close = near(kind, NAMES)
    right = close.replace("n", str(number or 1)) if close else ""
    fix = f"{{{{{right}}}}} に直してください。" if right else _TABLE
    what = f"「{name}」という差込みはありません。"
    return problem(file, Fault("W703", what, "書かれたまま印刷されてしまいます。", fix), place)


def _wanted(file: str, template: Template) -> Iterator[Problem]:
    """What a bill cannot do without: whom it is for, how much, and that a draft is a draft."""
    form = template.book.form
    paper = template.paper
    cells = {s.name for s in template.slots if s.sheet == form.name and paper.shows(s.cell)}
    texts = {
        name
        for name, (sheet, cell) in template.texts
        if sheet == IN_DRAWINGS or (sheet == form.name and (not cell or paper.shows(cell)))
    }
    if TOTAL not in cells:
        why = "金額は式で内訳とつながり、書き出したあとで照合します。文の途中では、つながりません。"
        fix = f"一つのセルに {{{{{TOTAL}}}}} だけを書いてください。「金」や「円」は、セルの表示形式で付けられます。"
        yield _missing(file, form.name, TOTAL, why, fix)
    if not (cells | texts) & set(ADDRESSEES):
        why = "だれへの文書かが分かりません。"
        fix = "宛先のセルに {{宛先}} と書いてください。敬称まで入ります。"
        yield _missing(file, form.name, "宛先", why, fix)
    if STATE not in cells | texts:
        why = "「例」と「案」のあいだ、請求書でないことを示す文がここに入ります。議決のあとは空になります。"
        fix = "目立つセルに {{状態}} と書いてください。"
        yield _missing(file, form.name, STATE, why, fix)


def _taxes(file: str, template: Template, names: set[str]) -> Iterator[Problem]:
    """What a bill with 消費税 must say."""
    for name in TAXES:
        in_words = name != TAXES[0] and TAX_WORDS in names
        if name not in names and not in_words:
            why = "課税の経費があるので、請求書は適格請求書になり、税率ごとの額と税額が要ります。"
            fix = (
                f"様式に {{{{{name}}}}} を書いてください。課税の経費がない年度は、空白になります。"
            )
            yield _missing(file, template.book.form.name, name, why, fix)


def _missing(file: str, sheet: str, name: str, why: str, fix: str) -> Problem:
    what = f"様式の印刷される所に {{{{{name}}}}} がありません。"
    return problem(file, Fault("W704", what, why, fix), Place(sheet, ""))


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
            yield problem(
                file,
                Fault(
                    "W706",
                    f"様式の表に、{what}の行が足りません（この年度は {count} 行）。",
                    "行のない分は、請求書に出ません。",
                    f"次の差込みのセルを足してください: {listed}",
                ),
            )
