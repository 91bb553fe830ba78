"""負担金一覧.xlsx: the year in one workbook. It computes no charge; totals and 差 are live."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from apportion.core.model import BudgetLine, IncomeLine
from apportion.outcome.outcome import Outcome
from apportion.workbook.sheets.live import Area
from apportion.workbook.sheets.page import Page, add_page
from apportion.workbook.sheets.sheet import new_book
from apportion.workbook.sheets.styles import Styles
from apportion.workbook.summary import (
    bills,
    budget,
    changes,
    compare,
    payments,
    people,
    proof,
    rules,
)
from apportion.workbook.summary import data as summary_data
from apportion.workbook.summary import front as summary_counts
from apportion.workbook.summary import front as summary_front
from apportion.workbook.summary import matrix as summary_matrix
from apportion.workbook.summary import members as summary_members
from apportion.workbook.summary import project as summary_project
from apportion.workbook.summary import rounding as summary_rounding
from apportion.workbook.summary.bills import Postings
from apportion.workbook.summary.budget import Written, by_line, charged_of, contribution_of
from apportion.workbook.summary.data import DataSheet
from apportion.workbook.summary.front import Contents, Sources
from apportion.workbook.summary.members import MembersSheet
from apportion.workbook.summary.proof import Links

_LONGEST = 31
"""Units of UTF-16 in a name."""
_WIDE = str.maketrans("[]:*?/\\", "［］：＊？／＼")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_RESERVED = ("History", "履歴")


def sheet_names(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """A name for each text, near to it; none is in `taken`, however it is spelt."""
    used = {_folded(name) for name in (*taken, *_RESERVED)}
    names = []
    for text in wanted:
        name = _free(_CONTROLS.sub("", text.translate(_WIDE)).strip("' ") or "事業", used)
        used.add(_folded(name))
        names.append(name)
    return names


def _free(text: str, used: set[str]) -> str:
    name, number = _cut(text, ""), 1
    while _folded(name) in used:
        number += 1
        name = _cut(text, f"（{number}）")
    return name


def _cut(text: str, end: str) -> str:
    while _units(text + end) > _LONGEST:
        text = text[:-1]
    return text.rstrip("' ") + end


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


POSTING, SENDING = bills.POSTING, bills.SENDING


class Planned(NamedTuple):
    """A sheet to come: its key here, its name, its title, and what 総括 says of it."""

    key: str
    name: str
    title: str
    text: str


_BEFORE = (
    (summary_front.NAME, "負担金一覧　総括", "区分・事業ごとの額、件数、各シートの内容。"),
    (budget.INCOME, "収入の部", "公表された様式の収入の部と、団体の負担金の合計。"),
    (
        budget.EXPENDITURE,
        "支出の部",
        "公表された様式の支出の部（経費の段まで）と、団体の負担金の合計。",
    ),
    (
        summary_members.NAME,
        "団体別・事業別の負担金",
        "団体ごと、事業ごとの負担金の額と合計。",
    ),
    (
        summary_matrix.NAME,
        "団体別・経費別の負担金",
        "団体ごと、経費ごとの負担金の額と、事業の小計、合計（A3）。",
    ),
)
_AFTER = (
    (compare.NAME, "前年度比較", "事業別、団体別の前年度との比較と、増減の大きい団体。"),
    (people.NAME, "人口1人当たりの負担金", "団体ごとの、人口1人当たりの負担金の額。"),
    (rules.SHARES, "規則一覧　負担割合", "経費ごとの負担割合（規則のテキストの写し）。"),
    (rules.SENTENCES, "規則一覧　規則の文", "規則を文にしたもの（請求書の文面を除く）。"),
    (
        summary_rounding.NAME,
        "端数処理表",
        "1円未満などの端数を、どの団体に、なぜ足したか（引いたか）。",
    ),
    (proof.NAME, "突合", "別々に足し上げた二つの額を比べる式のすべて。"),
    (POSTING, POSTING, "団体と期ごとの、調定に入れる額。"),
    (SENDING, SENDING, "請求書ごとの宛先、文書番号、額と、送付の記録の欄。"),
    (
        payments.NAME,
        payments.NAME,
        "団体と期ごとの、納入済の額と未納の額（最終の納入日現在）。",
    ),
    (
        payments.RECORDS,
        payments.RECORDS,
        "納入の表（members の payments）のすべての行。",
    ),
    (
        summary_data.NAME,
        "データ",
        "団体と経費ごとの全行（data/charges.csv と同じ）。抽出や再利用のため。",
    ),
)
_CHANGES = (
    changes.NAME,
    "補正による変更",
    "事業別、団体別の、補正の前とあとの額。増減の合計と収入の部の補正額の差。",
)
_OF_PAYMENTS = {payments.NAME, payments.RECORDS}
_OF_PROJECT = "部会資料。経費ごとのきまりと額、団体ごとの額と前年度からの増減。"


def write(outcome: Outcome, path: Path) -> None:
    """Write the workbook. The same outcome gives the same bytes; raises OSError."""
    path.write_bytes(make(outcome))


def make(outcome: Outcome) -> bytes:
    """Bytes of the workbook."""
    buffer = BytesIO()
    book = new_book(buffer, f"{outcome.year.label} 負担金一覧", outcome.year)
    styles = Styles(book)
    planned = list(_planned(outcome))
    pages = {
        sheet.key: add_page(
            book, styles, sheet.name, f"{outcome.year.label}　{sheet.title}", outcome.state
        )
        for sheet in planned
    }
    _fill(pages, planned, outcome)
    book.close()
    return buffer.getvalue()


def _planned(outcome: Outcome) -> Iterator[Planned]:
    """All sheets in their order; those of the 事業 stand between, under their keys."""
    fixed = [name for name, *_ in (*_BEFORE, _CHANGES, *_AFTER)]
    before, after = (
        [
            Planned(key, _named(key, outcome), _named(title, outcome), text)
            for key, title, text in sheets
            if key not in _OF_PAYMENTS or outcome.tables.payments
        ]
        for sheets in ((*_BEFORE, *([_CHANGES] if outcome.revision else [])), _AFTER)
    )
    yield from before
    listed = summary_members.projects(outcome)
    taken = [*fixed, *(sheet.name for sheet in after)]
    names = sheet_names((project.name for project in listed), taken)
    for project, name in zip(listed, names, strict=True):
        yield Planned(_key(project), name, f"部会資料　{project.name}", _OF_PROJECT)
    yield from after


def _named(text: str, outcome: Outcome) -> str:
    """Lists of bills say in their names that nothing is decided."""
    return bills.name(text, outcome) if text in {POSTING, SENDING} else text


def _key(project: summary_members.Project) -> str:
    return f"事業 {project.key}"


def _fill(pages: Mapping[str, Page], planned: Sequence[Planned], outcome: Outcome) -> None:
    """Fill the sheets; those that others refer to come first."""
    core = _core(pages, outcome)
    rounding = summary_rounding.write(pages[summary_rounding.NAME], outcome)
    equations = _proof(pages, outcome, core)
    areas: dict[str, Sequence[Area]] = {
        **_compared(pages, outcome, core),
        **_views(pages, outcome, core),
        POSTING: core.postings.differences,
        summary_rounding.NAME: (rounding.differences,),
        proof.NAME: (equations,),
    }
    contents = [
        Contents(sheet.name, sheet.text, areas.get(sheet.key, ()), pages[sheet.key].wrong)
        for sheet in planned
        if sheet.key != summary_front.NAME
    ]
    front = pages[summary_front.NAME]
    spent, income = charged_of(core.spent, front.name), contribution_of(core.income, front.name)
    counts = summary_counts.counts(outcome, front.name, core.members, rounding.total, equations)
    summary_front.write(front, outcome, Sources(spent, income, core.members), counts, contents)


class _Core(NamedTuple):
    """Sheets that all others refer to."""

    data: DataSheet
    members: MembersSheet
    income: Written[IncomeLine]
    spent: Written[BudgetLine]
    postings: Postings


def _core(pages: Mapping[str, Page], outcome: Outcome) -> _Core:
    data = summary_data.write(pages[summary_data.NAME], outcome)
    members = summary_members.write(pages[summary_members.NAME], outcome)
    return _Core(
        data,
        members,
        budget.write_income(pages[budget.INCOME], outcome, members),
        budget.write_expenditure(pages[budget.EXPENDITURE], outcome, data),
        bills.write_postings(pages[POSTING], outcome, members),
    )


def _proof(pages: Mapping[str, Page], outcome: Outcome, core: _Core) -> Area:
    page = pages[proof.NAME]
    return proof.write(page, outcome, Links(page.name, outcome, *core))


def _compared(
    pages: Mapping[str, Page], outcome: Outcome, core: _Core
) -> dict[str, Sequence[Area]]:
    """The parts of the budget, and the members against them; their areas of 差."""
    sheet, lines = pages[summary_members.NAME], by_line(core.spent)
    parts = {
        "収入の部": contribution_of(core.income, sheet.name),
        "支出の部": charged_of(core.spent, sheet.name),
    }
    matrix = summary_matrix.write(pages[summary_matrix.NAME], outcome, lines)
    return {
        budget.INCOME: (core.income.differences,),
        budget.EXPENDITURE: (core.spent.differences,),
        summary_members.NAME: summary_members.compare(sheet, core.members, parts),
        summary_matrix.NAME: (matrix,),
    }


def _views(pages: Mapping[str, Page], outcome: Outcome, core: _Core) -> dict[str, Sequence[Area]]:
    """部会資料, comparisons, rules and lists of bills; the areas of 差 of those that have one."""
    sources = summary_project.Sources(by_line(core.spent), core.members)
    areas: dict[str, Sequence[Area]] = {}
    for project in summary_members.projects(outcome):
        page = pages[_key(project)]
        areas[_key(project)] = (summary_project.write(page, outcome, project, sources),)
    if outcome.revision:
        page = pages[changes.NAME]
        changed = changes.write(page, outcome, outcome.revision, core.members)
        areas[changes.NAME] = changed
    compare.write(pages[compare.NAME], outcome, core.members)
    people.write(pages[people.NAME], outcome, core.members)
    rules.write_shares(pages[rules.SHARES], outcome.book)
    rules.write_sentences(pages[rules.SENTENCES], outcome.book, printed=False)
    total = core.members.total
    areas[SENDING] = (bills.write_letters(pages[SENDING], outcome, total),)
    if outcome.tables.payments:
        paid = payments.write_records(pages[payments.RECORDS], outcome)
        written = payments.write(pages[payments.NAME], outcome, total, paid)
        areas[payments.NAME] = (written,)
    return areas
