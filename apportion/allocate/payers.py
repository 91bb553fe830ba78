"""Who is invoiced for a charge: the member itself, or the 代表 of its group."""

from collections.abc import Iterable
from dataclasses import field

from apportion.allocate.case import Charge
from apportion.allocate.who import Circle
from apportion.core.dataclass import dataclass
from apportion.core.model import Member, Tables
from apportion.core.problem import Findings, tell
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.rules.book import Group, RuleBook


@dataclass(frozen=True, slots=True)
class Payers:
    """Finds the payer of a charge; a 代表 that is not in the register becomes a finding."""

    tables: Tables
    book: RuleBook
    findings: Findings
    _known: dict[tuple[int, str], Member] = field(default_factory=dict)

    def billed(self, charges: Iterable[Charge]) -> dict[str, tuple[Charge, ...]]:
        """Charges by the 団体コード of who is invoiced, in code order."""
        found = grouped((self.of(charge).code, charge) for charge in charges)
        return {code: tuple(found[code]) for code in sorted(found)}

    def of(self, charge: Charge) -> Member:
        """The member or its 代表."""
        key = (id(charge.result.case.file), charge.member.code)
        if key not in self._known:
            self._known[key] = self._lead(charge) or charge.member
        return self._known[key]

    def _lead(self, charge: Charge) -> Member | None:
        case = charge.result.case
        scope = self.book.scope(case.file)
        led = [group for group in scope.groups.values() if group.lead]
        if not led:
            return None
        # A name of the group that is not in this roster is no fault of the 代表.
        circle = Circle(case.participants, self.tables, scope, Findings())
        for group in led:
            test = circle.test(group.name)
            if test and test(charge.member):
                return self._registered(group)
        return None

    def _registered(self, group: Group) -> Member | None:
        assert group.lead is not None
        lead = self.tables.by_name.get(name_key(group.lead.text))
        if lead is None:
            self.findings.add(tell("W326", group.lead.source, lead=group.lead.text))
        return lead
