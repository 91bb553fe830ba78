"""What a member was charged last year, former bodies and former names of lines added in."""

from collections.abc import Sequence
from dataclasses import dataclass

from apportion.model import BudgetLine, Member, PastCharge, Tables
from apportion.rulebook import Name
from apportion.text import name_key


@dataclass(frozen=True, slots=True)
class LastYear:
    """Last year's charges of one 事業; none where there were none."""

    tables: Tables
    project: str

    def of_line(
        self, member: Member, line: BudgetLine, former_names: Sequence[Name] = ()
    ) -> tuple[PastCharge, ...]:
        """Charges of a member for a line, under its name of today or a former one (旧名)."""
        known = self.tables.previous or {}
        key = name_key(self.project)
        names = dict.fromkeys(name_key(n) for n in (line.name, *(f.text for f in former_names)))
        places = [(code, key, name) for code in self._codes(member) for name in names]
        return tuple(known[place] for place in places if place in known)

    def of_project(self, member: Member) -> tuple[PastCharge, ...]:
        """Charges of a member over the 事業."""
        codes, key = self._codes(member), name_key(self.project)
        return tuple(
            charge
            for (code, project, _), charge in (self.tables.previous or {}).items()
            if code in codes and project == key
        )

    def _codes(self, member: Member) -> tuple[str, ...]:
        return (member.code, *self.tables.former_bodies.get(member.code, ()))
