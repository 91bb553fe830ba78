"""What a decided bill should say and a template prints nowhere: told together, with what to copy."""

import re
from collections.abc import Iterator, Mapping
from html import unescape

from apportion.problem import Problem
from apportion.rulebook.book import DECIDED, RuleBook
from apportion.tables.cells import Fault
from apportion.text import name_key
from apportion.workbook.template_check_book import problem
from apportion.workbook.template_names import kind_of
from apportion.workbook.template_slots import Template
from apportion.workbook.template_texts import IN_DRAWINGS, Place, text_parts

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
