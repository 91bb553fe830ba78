"""負担金一覧.xlsx: the year in one workbook. It computes no charge; totals and 差 are live."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from apportion.model import BudgetLine, IncomeLine
from apportion.outcome import Outcome
from apportion.workbook import (
    rules_list,
    summary_bills,
    summary_budget,
    summary_changes,
    summary_compare,
    summary_counts,
    summary_data,
    summary_front,
    summary_matrix,
    summary_members,
    summary_payments,
    summary_people,
    summary_project,
    summary_proof,
    summary_rounding,
)
from apportion.workbook.page import Page, add_page
from apportion.workbook.refs import Area
from apportion.workbook.sheet import new_book
from apportion.workbook.styles import Styles
from apportion.workbook.summary_bills import Postings
from apportion.workbook.summary_budget import by_line, charged_of, contribution_of
from apportion.workbook.summary_data import DataSheet
from apportion.workbook.summary_front import Contents, Sources
from apportion.workbook.summary_links import Links
from apportion.workbook.summary_members import MembersSheet
from apportion.workbook.summary_names import sheet_names
from apportion.workbook.summary_part import Written

POSTING, SENDING = summary_bills.POSTING, summary_bills.SENDING


class Planned(NamedTuple):
    """A sheet to come: its key here, its name, its title, and what 総括 says of it."""

    key: str
    name: str
    title: str
    text: str


_BEFORE = (
    (summary_front.NAME, "負担金一覧　総括", "区分・事業ごとの額、件数、各シートの内容。"),
    (summary_budget.INCOME, "収入の部", "公表された様式の収入の部と、団体の負担金の合計。"),
    (
        summary_budget.EXPENDITURE,
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
    (summary_compare.NAME, "前年度比較", "事業別、団体別の前年度との比較と、増減の大きい団体。"),
    (summary_people.NAME, "人口1人当たりの負担金", "団体ごとの、人口1人当たりの負担金の額。"),
    (rules_list.SHARES, "規則一覧　負担割合", "経費ごとの負担割合（規則のテキストの写し）。"),
    (rules_list.SENTENCES, "規則一覧　規則の文", "規則を文にしたもの（請求書の文面を除く）。"),
    (
        summary_rounding.NAME,
        "端数処理表",
        "1円未満などの端数を、どの団体に、なぜ足したか（引いたか）。",
    ),
    (summary_proof.NAME, "突合", "別々に足し上げた二つの額を比べる式のすべて。"),
    (POSTING, POSTING, "団体と期ごとの、調定に入れる額。"),
    (SENDING, SENDING, "請求書ごとの宛先、文書番号、額と、送付の記録の欄。"),
    (
        summary_payments.NAME,
        summary_payments.NAME,
        "団体と期ごとの、納入済の額と未納の額（最終の納入日現在）。",
    ),
    (
        summary_payments.RECORDS,
        summary_payments.RECORDS,
        "納入の表（members の payments）のすべての行。",
    ),
    (
        summary_data.NAME,
        "データ",
        "団体と経費ごとの全行（data/charges.csv と同じ）。抽出や再利用のため。",
    ),
)
_CHANGES = (
    summary_changes.NAME,
    "補正による変更",
    "事業別、団体別の、補正の前とあとの額。増減の合計と収入の部の補正額の差。",
)
_OF_PAYMENTS = {summary_payments.NAME, summary_payments.RECORDS}
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
    return summary_bills.name(text, outcome) if text in {POSTING, SENDING} else text


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
        summary_proof.NAME: (equations,),
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
        summary_budget.write_income(pages[summary_budget.INCOME], outcome, members),
        summary_budget.write_expenditure(pages[summary_budget.EXPENDITURE], outcome, data),
        summary_bills.write_postings(pages[POSTING], outcome, members),
    )


def _proof(pages: Mapping[str, Page], outcome: Outcome, core: _Core) -> Area:
    page = pages[summary_proof.NAME]
    return summary_proof.write(page, outcome, Links(page.name, outcome, *core))


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
        summary_budget.INCOME: (core.income.differences,),
        summary_budget.EXPENDITURE: (core.spent.differences,),
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
        page = pages[summary_changes.NAME]
        changed = summary_changes.write(page, outcome, outcome.revision, core.members)
        areas[summary_changes.NAME] = changed
    summary_compare.write(pages[summary_compare.NAME], outcome, core.members)
    summary_people.write(pages[summary_people.NAME], outcome, core.members)
    rules_list.write_shares(pages[rules_list.SHARES], outcome.book)
    rules_list.write_sentences(pages[rules_list.SENTENCES], outcome.book, printed=False)
    total = core.members.total
    areas[SENDING] = (summary_bills.write_letters(pages[SENDING], outcome, total),)
    if outcome.tables.payments:
        paid = summary_payments.write_records(pages[summary_payments.RECORDS], outcome)
        written = summary_payments.write(pages[summary_payments.NAME], outcome, total, paid)
        areas[summary_payments.NAME] = (written,)
    return areas
