"""What all letters of an outcome have in common, worked out once."""

from collections.abc import Callable
from dataclasses import field
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.explain.line import Common
from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.layout import Layout, lay_out, numbered
from apportion.workbook.sheets.sheet import Cells, Sheet


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """The rows of 内訳, equal for all; `told` is what explanations of a 経費 have in common."""

    outcome: Outcome
    layout: Layout
    told: Common = field(default_factory=dict)


class SheetOfPlan(NamedTuple):
    """A sheet behind the form of a member: its name, its paper (equal for all) and its cells."""

    name: str
    set_up: Callable[[Sheet, Plan], None]
    write: Callable[[Cells, Plan, Member], None]


def plan(outcome: Outcome) -> Plan:
    """Work out what the letters share."""
    return Plan(outcome=outcome, layout=lay_out(numbered(outcome)))
