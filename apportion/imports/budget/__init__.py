"""From the published budget document of a council to budget.csv and income.csv.

lines -> parts -> plan, accounts -> two trees -> equations, joints -> entries -> proposal, or
lines -> estimate_tables -> estimates -> equations -> entries -> proposal, or
lines -> draft, where the document is of neither form.
"""

from apportion.imports.budget.draft import DraftedError
from apportion.imports.budget.proposal import BudgetProposal, propose, write

__all__ = ["BudgetProposal", "DraftedError", "propose", "write"]
