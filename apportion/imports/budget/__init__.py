"""From the published budget document of a council to budget.csv and income.csv.

lines -> parts -> plan, accounts -> two trees -> equations, joints -> entries -> proposal.
"""

from apportion.imports.budget.proposal import BudgetProposal, propose, write

__all__ = ["BudgetProposal", "propose", "write"]
