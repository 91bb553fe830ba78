"""What a run computed: the one structure that explanations, workbooks and data files read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from apportion.allocate.case import Charge, LineResult
from apportion.allocate.instalments import Instalment
from apportion.model import Member, Tables, Yen, total
from apportion.problem import Problem
from apportion.rulebook.book import RuleBook
from apportion.year import FiscalYear

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sides that were added up independently, in yen; `level` tells what they close."""

    level: str
    name: str
    left: int
    right: int

    @property
    def difference(self) -> int:
        """差: 0 or the run stops."""
        return self.left - self.right


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Charges of one year with everything that led to them.

    `results` stand in budget order, `members` (who is charged) in code order. `billed` are the
    charges by who is invoiced: the member, or the 代表 that pays for its group. `files` are the
    paths of the inputs below the workspace. `problems` are the 注意 and お知らせ of the input; errors
    never get this far.
    """

    year: FiscalYear
    tables: Tables
    book: RuleBook
    results: tuple[LineResult, ...]
    billed: Mapping[str, tuple[Charge, ...]]
    instalments: tuple[Instalment, ...]
    equations: tuple[Equation, ...]
    files: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def state(self) -> str:
        """例, 案 or 議決: the least binding of all rule files."""
        return self.book.state

    @cached_property
    def charges(self) -> tuple[Charge, ...]:
        """All charges, in budget order and within a line in code order; 0円 included."""
        return tuple(charge for result in self.results for charge in result.charges())

    @cached_property
    def by_member(self) -> dict[str, tuple[Charge, ...]]:
        """Charges of each member code, in budget order."""
        found: dict[str, list[Charge]] = {}
        for charge in self.charges:
            found.setdefault(charge.member.code, []).append(charge)
        return {code: tuple(found[code]) for code in sorted(found)}

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Who is charged, in code order."""
        return tuple(charges[0].member for charges in self.by_member.values())

    @cached_property
    def payers(self) -> tuple[Member, ...]:
        """Who is invoiced, in code order: the members, or the 代表 of their group."""
        return tuple(self.tables.by_code[code] for code in self.billed)

    def billed_to(self, code: str) -> Yen:
        """Yearly amount that a payer is invoiced for."""
        return total(charge.yen for charge in self.billed.get(code, ()))

    def total_of(self, code: str) -> Yen:
        """Yearly total of a member."""
        return total(charge.yen for charge in self.by_member.get(code, ()))

    @cached_property
    def total(self) -> Yen:
        """Sum of all charges."""
        return total(charge.yen for charge in self.charges)

    def instalments_of(self, code: str) -> Iterator[Instalment]:
        """Instalments of a member, by date."""
        return (instalment for instalment in self.instalments if instalment.code == code)

    def to_frame(self) -> "pd.DataFrame":
        """Tidy table, one row per member and 経費: see `frame.charges_frame`."""
        from apportion.frame import charges_frame  # noqa: PLC0415  pandas loads only when asked for

        return charges_frame(self)
