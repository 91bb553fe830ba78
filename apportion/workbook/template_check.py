"""What is wrong with a template, before anything is computed from it."""

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import NamedTuple

from apportion.model import Tables
from apportion.near import near
from apportion.problem import Problem
from apportion.rulebook import Remark
from apportion.stationery import FOLDER, FORM, named, path_of
from apportion.tables.cells import Fault
from apportion.text import name_key
from apportion.workbook import template_fields
from apportion.workbook.template_check_book import book_problems, problem
from apportion.workbook.template_names import (
    ADDRESSEES,
    NAMES,
    PREVIOUS,
    STATE,
    TAX_WORDS,
    TAXES,
    TOTAL,
    kind_of,
    known,
)
from apportion.workbook.template_slots import Template, read
from apportion.workbook.template_texts import IN_DRAWINGS, Place
from apportion.workspace import Workspace

MOST = 1_000
_TABLE = "差込みの名前の表は、説明書 2.17 にあります。"
_NAME = "差込みの名前が、一つのセルを指していません。"


class Needs(NamedTuple):
    """What the bills of a year need: rows for 事業, ended 事業 (0 or 1) and 期, 消費税, fields, a seal."""

    projects: int
    ended: int
    instalments: int
    taxed: bool = False
    fields: template_fields.Fields = MappingProxyType({})
    sealed: bool = False


def check(workspace: Workspace, instalments: int) -> Iterator[Problem]:
    """Everything that is wrong with the templates that the rule files name.

    `instalments` is the largest number of 期 that a payer has.
    """
    taxed = any(expense.taxed for file in workspace.book.files for expense in file.expenses)
    projects, ended = _projects(workspace.tables)
    fields = template_fields.expected(workspace.book, projects, instalments)
    sealed = any(line.text == "画像" for line in named(workspace.book, "公印"))
    needs = Needs(projects, ended, instalments, taxed, fields, sealed)
    told: set[str] = set()
    for line in named(workspace.book, FORM):
        path = path_of(line.text)
        if path is None or path not in workspace.attached:
            yield _absent(line)
        elif path not in told:
            told.add(path)
            yield from problems(path, workspace.attached[path], needs)


def _projects(tables: Tables | None) -> tuple[int, int]:
    """How many 事業 are charged, and whether there were others last year."""
    if tables is None:
        return 0, 0
    here = {name_key(line.project) for line in tables.charged}
    past = (tables.previous or {}).items()
    return len(here), int(any(paid.yen and key[1] not in here for key, paid in past))


def _absent(line: Remark) -> Problem:
    return Problem(
        code="W701",
        source=line.source,
        what=f"様式「{line.text}」が {FOLDER} にありません。",
        why="様式は、規則のフォルダーの「様式」に置いた Excel ブック（.xlsx）だけを使います。",
        fix=f"ブックを {FOLDER} に置くか、ファイル名を直してください。"
        "様式を使わないときは、この行を消してください。",
    )


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
    yield from template_fields.missing(file, template, needs.fields)
    if needs.sealed:
        yield from template_fields.unsealed(file, template)
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
