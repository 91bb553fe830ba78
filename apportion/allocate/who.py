"""Whom a clause means: names and groups to positions among the participants of a line."""

from collections.abc import Callable, Sequence
from dataclasses import field

from apportion.allocate.case import Participant
from apportion.core.dataclass import dataclass
from apportion.core.model import KIND_GROUPS, Member, Tables
from apportion.core.problem import Findings, tell
from apportion.core.text import likely, name_key
from apportion.rules.book import Group, Scope
from apportion.rules.nodes import Name, Who

MEMBERS = "members/"
MEMBERSHIPS = ("会員", "準会員")
ROSTER = "参加団体"
EVERYONE = "全団体"

DEEPEST = 10
"""How many groups may stand inside one another."""

Test = Callable[[Member], bool]


@dataclass(frozen=True, slots=True)
class Circle:
    """The participants of a line, and the words that choose among them."""

    participants: Sequence[Participant]
    tables: Tables
    scope: Scope
    findings: Findings
    _open: list[str] = field(default_factory=list)

    def positions(self, who: Who | None) -> tuple[int, ...]:
        """Positions of the participants that `who` means; None means all. Problems go to findings."""
        if who is None:
            return tuple(range(len(self.participants)))
        wanted = [test for name in who.names if (test := self.test(name))]
        left_out = [test for name in who.excluded if (test := self.test(name))]
        chosen = tuple(
            i
            for i, p in enumerate(self.participants)
            if any(test(p.member) for test in wanted)
            and not any(test(p.member) for test in left_out)
        )
        if wanted and not chosen:
            self._nobody(who)
        return chosen

    def test(self, name: Name) -> Test | None:
        """What `name` asks of a member; an unknown name is a problem."""
        key = name_key(name.text)
        group = self.scope.groups.get(key)
        if group is not None:
            return self._of_group(group, key)
        if key in KIND_GROUPS:
            return lambda m: m.kind in KIND_GROUPS[key]
        if key in MEMBERSHIPS:
            return lambda m: m.membership == key
        if key in (ROSTER, EVERYONE):
            return self._everyone if key == ROSTER else self._all_members(name)
        return self._one(name, key)

    def _of_group(self, group: Group, key: str) -> Test | None:
        if key in self._open or len(self._open) == DEEPEST:
            self.findings.follow()  # told by `check_groups`
            return None
        self._open.append(key)
        inside = [test for n in group.members.names if (test := self.test(n))]
        outside = [test for n in group.members.excluded if (test := self.test(n))]
        self._open.pop()
        return lambda m: any(t(m) for t in inside) and not any(t(m) for t in outside)

    def _everyone(self, _member: Member) -> bool:
        return True

    def _all_members(self, name: Name) -> Test:
        present = {p.member.code for p in self.participants}
        absent = [
            m.name
            for m in self.tables.members
            if m.membership == "会員" and m.valid_to is None and m.code not in present
        ]
        if absent:
            self.findings.add(
                tell(
                    "W321",
                    name.source,
                    absent="、".join(absent[:5]),
                    more=f"など{len(absent)}団体" if absent[5:] else "",
                )
            )
        return lambda m: m.membership == MEMBERSHIPS[0]

    def _one(self, name: Name, key: str) -> Test | None:
        member = self.tables.by_name.get(key)
        if member is None:
            self._unknown(name)
            return None
        if all(p.member.code != member.code for p in self.participants):
            if self.findings.below(MEMBERS):
                self.findings.follow()  # its row was left out because something is wrong in it
                return None
            self.findings.add(tell("W322", name.source, member=member.name))
            return None
        return lambda m: m.code == member.code

    def _unknown(self, name: Name) -> None:
        if self.scope.doubtful(name.text):
            self.findings.follow()
            return
        known = [
            *self.scope.groups,
            *KIND_GROUPS,
            *MEMBERSHIPS,
            ROSTER,
            EVERYONE,
            *(m.name for m in self.tables.members),
        ]
        close = likely(name.text, known) if self.findings.room("W320") else None
        self.findings.add(
            tell("W320.near" if close else "W320", name.source, name=name.text, close=close)
        )

    def _nobody(self, who: Who) -> None:
        if self.findings.below(MEMBERS):
            self.findings.follow()
            return
        names = "、".join(name.text for name in who.names)
        self.findings.add(tell("W323", who.source, names=names))
