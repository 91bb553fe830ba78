"""From the published budget document of a council to budget.csv and income.csv.

lines -> parts -> plan, accounts -> two trees -> equations, joints -> entries -> proposal.
"""

from apportion.imports.budget.proposal import Proposal, propose, write

__all__ = ["Proposal", "propose", "write"]
