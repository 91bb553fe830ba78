"""What a member was charged last year, former bodies and former names of lines added in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apportion.model import BudgetLine, Member, Tables
from apportion.rulebook import Name
from apportion.text import name_key


@dataclass(frozen=True, slots=True)
class LastYear:
    """Last year's charges of one 事業, in yen; None where there were none."""

    tables: Tables
    project: str

    def of_line(
        self, member: Member, line: BudgetLine, former_names: Sequence[Name] = ()
    ) -> int | None:
        """Charge of a member for a line, under its name of today or a former one (旧名)."""
        names = {name_key(line.name), *(name_key(name.text) for name in former_names)}
        return self._sum(member, lambda name: name in names)

    def of_project(self, member: Member) -> int | None:
        """Sum of a member over the 事業."""
        return self._sum(member, lambda _name: True)

    def _sum(self, member: Member, wanted: Callable[[str], bool]) -> int | None:
        codes = {member.code, *self.tables.former_bodies.get(member.code, ())}
        key = name_key(self.project)
        found = [
            yen
            for (code, project, name), yen in (self.tables.previous or {}).items()
            if code in codes and project == key and wanted(name)
        ]
        return sum(found) if found else None
