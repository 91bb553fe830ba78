"""Which body a code and a name from elsewhere mean."""

from collections.abc import Iterator, Sequence

from apportion.model import Member
from apportion.tables.cells import check_digit, digits
from apportion.text import name_key

_SIX, _FIVE = 6, 5


class Register:
    """The bodies that exist, by code and by name; a name may have its 郡 before it."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.by_code = {member.code: member for member in members}
        there = sorted(members, key=lambda member: member.valid_to is None)
        self.by_name = {name: member for member in there for name in _names(member)}

    def find(self, code: str, name: str) -> Member | None:
        """The body of a row; where a code may mean two, the name tells."""
        named = self.by_name.get(name_key(name))
        if not code:
            return named
        meant = [self.by_code[c] for c in _codes(digits(code)) if c in self.by_code]
        return named if named in meant else next(iter(meant), None)

    @staticmethod
    def disagrees(member: Member, name: str) -> bool:
        """Whether the name of a row is that of somebody else."""
        return bool(name) and name_key(name) not in _names(member)


def _names(member: Member) -> tuple[str, str]:
    return name_key(member.name), name_key(member.county + member.name)


def _codes(code: str) -> Iterator[str]:
    """Codes of six digits that a written one may mean: Excel loses a 0, some leave the last digit."""
    if not code.isascii() or not code.isdigit():
        return
    if len(code) == _SIX:
        yield code
    for padded in (code, f"0{code}"):
        if len(padded) == _FIVE:
            yield padded + check_digit(padded)
        elif len(padded) == _SIX and padded != code and padded[5] == check_digit(padded[:5]):
            yield padded
