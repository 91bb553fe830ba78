"""負担金一覧.xlsx: the year in one workbook. It computes no charge; totals and 差 are live."""

from collections.abc import Sequence
from dataclasses import replace

from apportion.outcome.outcome import Outcome
from apportion.workbook.sheets.live import Area
from apportion.workbook.sheets.names import sheet_names
from apportion.workbook.sheets.page import Page
from apportion.workbook.summary.bills import POSTING, SENDING
from apportion.workbook.summary.budget import (
    EXPENDITURE_PART,
    INCOME_PART,
    charged_of,
    contribution_of,
)
from apportion.workbook.summary.changes import CHANGES
from apportion.workbook.summary.compare import COMPARE
from apportion.workbook.summary.data import DATA
from apportion.workbook.summary.front import FRONT
from apportion.workbook.summary.matrix import MATRIX
from apportion.workbook.summary.members import MEMBERS, compare, projects
from apportion.workbook.summary.payments import PAYMENTS, RECORDS
from apportion.workbook.summary.people import PER_HEAD
from apportion.workbook.summary.project import sheet_of
from apportion.workbook.summary.proof import PROOF
from apportion.workbook.summary.rounding import ROUNDING
from apportion.workbook.summary.rules import SENTENCES, SHARES
from apportion.workbook.summary.sheet import Summary, content


def _against_budget(page: Page, summary: Summary) -> Sequence[Area]:
    """Below 団体別事業別, what each part of the budget says: both refer to that sheet themselves."""
    parts = {
        "収入の部": contribution_of(summary.of(INCOME_PART), page.name),
        "支出の部": charged_of(summary.of(EXPENDITURE_PART), page.name),
    }
    return compare(page, summary.of(MEMBERS), parts)


_MEMBERS = replace(MEMBERS, finish=_against_budget)
BEFORE = (FRONT, INCOME_PART, EXPENDITURE_PART, _MEMBERS, MATRIX, CHANGES)
AFTER = (
    *(COMPARE, PER_HEAD, SHARES, SENTENCES, ROUNDING, PROOF, POSTING, SENDING),
    *(PAYMENTS, RECORDS, DATA),
)
"""The sheets in their order; those of the 事業 stand between."""

_FIRST = (DATA, _MEMBERS, INCOME_PART, EXPENDITURE_PART, POSTING, ROUNDING, PROOF, MATRIX)
"""Filled before the others, which refer to them."""


def make(outcome: Outcome) -> bytes:
    """Bytes of the workbook; the same outcome gives the same."""
    before, after = (
        [sheet for sheet in listed if sheet.shown(outcome)] for listed in (BEFORE, AFTER)
    )
    taken = [sheet.name for sheet in (*BEFORE, *AFTER)]
    taken += [sheet.named(sheet.name, outcome) for sheet in after]
    listed = projects(outcome)
    names = sheet_names((project.name for project in listed), taken)
    own = list(map(sheet_of, listed, names))
    return content(outcome, "負担金一覧", [*before, *own, *after], (_FIRST, own))
