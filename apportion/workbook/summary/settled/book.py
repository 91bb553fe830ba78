"""精算一覧.xlsx: all members and 事業, both parts of the budget with 決算, the reserve and the proof."""

from apportion.outcome.outcome import Outcome
from apportion.workbook.summary.proof import PROOF_OF_VALUES
from apportion.workbook.summary.settled.accounts import EXPENDITURE_PART, INCOME_PART
from apportion.workbook.summary.settled.data import DATA
from apportion.workbook.summary.settled.front import FRONT
from apportion.workbook.summary.settled.ledger import LEDGER
from apportion.workbook.summary.settled.members import MEMBERS
from apportion.workbook.summary.sheet import content

SHEETS = (FRONT, MEMBERS, INCOME_PART, EXPENDITURE_PART, LEDGER, PROOF_OF_VALUES, DATA)
"""The sheets in their order."""


def make(outcome: Outcome) -> bytes:
    """Bytes of the workbook; the same outcome gives the same bytes."""
    return content(outcome, "負担金精算一覧", SHEETS)
