"""負担金一覧.xlsx: the year in one workbook. It computes no charge; totals and 差 are live."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from apportion.outcome import Outcome
from apportion.workbook import (
    summary_budget,
    summary_counts,
    summary_data,
    summary_front,
    summary_members,
    summary_proof,
    summary_rounding,
)
from apportion.workbook.page import Page, add_page
from apportion.workbook.sheet import new_book
from apportion.workbook.styles import Styles
from apportion.workbook.summary_budget import charged_of, contribution_of
from apportion.workbook.summary_front import Contents, Sources

_TITLES = {
    summary_front.NAME: "負担金一覧　総括",
    summary_budget.INCOME: "収入の部",
    summary_budget.EXPENDITURE: "支出の部",
    summary_members.NAME: "団体別・事業別の負担金",
    summary_rounding.NAME: "端数処理表",
    summary_proof.NAME: "突合",
    summary_data.NAME: "データ",
}
"""Sheets in their order, with the titles they carry."""

_CONTENTS = {
    summary_budget.INCOME: "公表された様式の収入の部と、団体の負担金の合計。",
    summary_budget.EXPENDITURE: "公表された様式の支出の部（経費の段まで）と、団体の負担金の合計。",
    summary_members.NAME: "団体ごと、事業ごとの負担金の額と合計。",
    summary_rounding.NAME: "1円未満などの端数を、どの団体に、なぜ足したか（引いたか）。",
    summary_proof.NAME: "別々に足し上げた二つの額を比べる式のすべて。",
    summary_data.NAME: "団体と経費ごとの全行（data/charges.csv と同じ）。抽出や再利用のため。",
}


def write(outcome: Outcome, path: Path) -> None:
    """Write the workbook. The same outcome gives the same bytes; raises OSError."""
    path.write_bytes(make(outcome))


def make(outcome: Outcome) -> bytes:
    """Bytes of the workbook."""
    buffer = BytesIO()
    book = new_book(buffer, f"{outcome.year.label} 負担金一覧", outcome.year)
    styles = Styles(book)
    pages = {
        name: add_page(book, styles, name, f"{outcome.year.label}　{title}", outcome.state)
        for name, title in _TITLES.items()
    }
    _fill(pages, outcome)
    book.close()
    return buffer.getvalue()


def _fill(pages: Mapping[str, Page], outcome: Outcome) -> None:
    """Fill the sheets; those that others refer to come first."""
    front, matrix = pages[summary_front.NAME], pages[summary_members.NAME]
    data = summary_data.write(pages[summary_data.NAME], outcome)
    members = summary_members.write(matrix, outcome)
    income = summary_budget.write_income(pages[summary_budget.INCOME], outcome, members)
    spent = summary_budget.write_expenditure(pages[summary_budget.EXPENDITURE], outcome, data)
    parts = {
        "収入の部": contribution_of(income, matrix.name),
        "支出の部": charged_of(spent, matrix.name),
    }
    compared = summary_members.compare(matrix, members, parts)
    rounding = summary_rounding.write(pages[summary_rounding.NAME], outcome)
    equations = summary_proof.write(pages[summary_proof.NAME], outcome)
    areas = {
        summary_budget.INCOME: (income.differences,),
        summary_budget.EXPENDITURE: (spent.differences,),
        summary_members.NAME: compared,
        summary_rounding.NAME: (rounding.differences,),
        summary_proof.NAME: (equations,),
        summary_data.NAME: (),
    }
    contents = [Contents(n, _CONTENTS[n], found, pages[n].wrong) for n, found in areas.items()]
    sources = Sources(charged_of(spent, front.name), contribution_of(income, front.name), members)
    counts = summary_counts.counts(outcome, front.name, members, rounding.total, equations)
    summary_front.write(front, outcome, sources, counts, contents)
