"""Who is who: the register as rosters and figures look into it, by code and name together."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from apportion.model import Member
from apportion.near import near, why
from apportion.tables.cells import Fault, digits, lost_zero
from apportion.tables.table import Row, Table
from apportion.text import name_key

CODE, NAME = "団体コード", "団体名"


@dataclass(frozen=True)
class Directory:
    """Bodies of the register; `doubtful` holds codes and folded names of rows with a wrong code."""

    members: tuple[Member, ...]
    doubtful: frozenset[str]

    @cached_property
    def by_code(self) -> dict[str, Member]:
        """Bodies by code."""
        return {member.code: member for member in self.members}

    @cached_property
    def by_name(self) -> dict[str, Member]:
        """Bodies by folded name; a former one never hides one that exists."""
        return {
            name_key(member.name): member
            for member in sorted(self.members, key=lambda member: member.valid_to is None)
        }

    def find(self, row: Row) -> Member | None:
        """Find the body that code and name agree on; None, with a problem, where they do not."""
        code_cell, name = row.cell(CODE), row.name(NAME)
        code = digits(row.name(CODE) or "")
        if not code or name is None:
            return None
        if code not in self.by_code and f"0{code}" in self.by_code:
            row.table.report(code_cell, lost_zero(code_cell, f"0{code}"))
            code = f"0{code}"
        owner, bearer = self.by_code.get(code), self.by_name.get(name_key(name))
        if owner and name_key(owner.name) == name_key(name):
            return owner
        if not self.doubtful & {code, name_key(name)}:
            self._report(row, owner, bearer)
        return None

    def _report(self, row: Row, owner: Member | None, bearer: Member | None) -> None:
        code, name = digits(row.text(CODE)), row.text(NAME)
        if owner and bearer:
            row.table.report(row.cell(CODE), _disagree(owner, bearer))
        elif owner:
            row.table.report(row.cell(NAME), _unknown_name(name, owner))
        else:
            guess = near(name, (member.name for member in self.members))
            meant = self.by_name[name_key(guess)] if guess else None
            row.table.report(row.cell(CODE), _unknown_code(code, name, meant))


def member_rows(table: Table, directory: Directory) -> Iterator[tuple[Row, Member]]:
    """Rows with the body each is about; a second row of one body is a problem and left out."""
    seen: dict[str, Row] = {}
    for row in table.rows():
        member = directory.find(row)
        if member is None:
            continue
        if seen.setdefault(member.code, row) is row:
            yield row, member
        else:
            table.report(row.cell(CODE), _double(member, seen[member.code].cell(CODE).row))


def _disagree(owner: Member, bearer: Member) -> Fault:
    return Fault(
        "W310",
        f"団体コードと団体名が食い違っています（{owner.code} は「{owner.name}」です）。",
        f"「{bearer.name}」のコードは {bearer.code} です。",
        f"「{bearer.code},{bearer.name}」か「{owner.code},{owner.name}」に直してください。",
    )


def _unknown_name(name: str, owner: Member) -> Fault:
    return Fault(
        "W309",
        f"「{name}」という団体は、団体一覧にありません。",
        why(name, owner.name) or f"団体コード {owner.code} の団体名は「{owner.name}」です。",
        f"「{name}」を「{owner.name}」に直してください。",
    )


def _unknown_code(code: str, name: str, meant: Member | None) -> Fault:
    return Fault(
        "W308",
        f"団体コード「{code}」（{name}）は、団体一覧にありません。",
        f"「{meant.name}」の団体コードは {meant.code} です。"
        if meant
        else "名簿や基礎数値に書けるのは、団体一覧（members/members）にある団体だけです。",
        f"「{meant.code},{meant.name}」に直してください。"
        if meant
        else "コードを直すか、members/members の表に団体の行を加えてください。",
    )


def _double(member: Member, first: int) -> Fault:
    return Fault(
        "W314",
        f"「{member.name}」（{member.code}）が2行あります（1つ目は{first}行目）。",
        "1団体は1行です。",
        "どちらかの行を消してください。",
    )
