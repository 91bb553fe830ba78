"""Register of members (members.csv): every body that is or was, with its code."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property

from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.problem import Fault, fault
from apportion.core.text import name_key, near, why
from apportion.tables.cells import body_code, code_digits, day, lost_zero, restored_code
from apportion.tables.files import TableForm
from apportion.tables.grid import Cell
from apportion.tables.table import REMARK, Row, Table

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
        code = code_digits(row.name(CODE) or "")
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
        code, name = code_digits(row.text(CODE)), row.text(NAME)
        if owner and not bearer:
            reason = why(name, owner.name)
            told = fault(
                "W309.lookalike" if reason else "W309",
                name=name,
                reason=reason,
                code=owner.code,
                owner=owner.name,
            )
            row.table.report(row.cell(NAME), told)
            return
        names = (member.name for member in self.members)
        guess = near(name, names) if row.table.findings.room("W308") else None
        meant = self.by_name[name_key(guess)] if guess else None
        if owner and bearer:
            told = fault(
                "W310.row", code=owner.code, owner=owner.name, right=bearer.code, bearer=bearer.name
            )
        elif meant:
            told = fault("W308.near", code=code, name=name, meant=meant.name, right=meant.code)
        else:
            told = fault("W308", code=code, name=name)
        row.table.report(row.cell(CODE), told)


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
            table.report(
                row.cell(CODE),
                fault(
                    "W314",
                    member=member.name,
                    code=member.code,
                    first=seen[member.code].cell(CODE).row,
                ),
            )


FORM = TableForm(
    "団体一覧",
    "members/members",
    "団体コード,団体名,よみ,区分,郡,会員区分,有効期間から,有効期間まで,承継先コード,長の職名",
)

_KINDS = (
    "県",
    "都",
    "道",
    "府",
    "政令市",
    "中核市",
    "市",
    "特別区",
    "町",
    "村",
    "組合",
    "広域連合",
)
_MEMBERSHIPS = ("会員", "準会員")

Entries = dict[str, tuple[Row, Member]]


def read(table: Table) -> Directory | None:
    """All bodies in the order of the file, or None where a column is missing."""
    complete = table.need("団体コード", "団体名", "区分", "会員区分")
    table.allow("よみ", "郡", "有効期間から", "有効期間まで", "承継先コード", "長の職名")
    if not complete:
        return None
    table.report_unknown([*FORM.headings.split(","), REMARK])
    doubtful: set[str] = set()
    entries: Entries = {}
    for row in table.rows():
        member = _member(row, doubtful)
        if member and entries.setdefault(member.code, (row, member))[1] is not member:
            table.report(row.cell("団体コード"), _double(member, entries[member.code][1]))
    _check_names(entries)
    _check_successors(entries)
    members = tuple(_with_heir(member, entries) for _, member in entries.values())
    return Directory(members, frozenset(doubtful))


def _member(row: Row, doubtful: set[str]) -> Member | None:
    """Read one body. One whose code is at fault stays known by its name, and is doubtful."""
    written, name = row.name("団体コード"), row.name("団体名")
    code = _code(row, row.cell("団体コード"))
    if code is None or name is None:
        doubtful |= {code_digits(written or ""), name_key(name or "")}
    begin, end = _period(row)
    kind = row.name("区分") or ""
    _check_words(row)
    if written is None or name is None:
        return None
    return Member(
        code=code or code_digits(written),
        name=name,
        kana=row.text("よみ"),
        kind=kind,
        county=row.text("郡"),
        membership=row.text("会員区分"),
        valid_from=begin,
        valid_to=end,
        successor=_code(row, row.cell("承継先コード")) or "",
        title=_title(row),
        source=row.table.source(row.cell("団体名")),
    )


def _code(row: Row, cell: Cell) -> str | None:
    restored = restored_code(cell)
    if restored:
        row.table.report(cell, lost_zero(cell, restored))
    return restored or row.take(cell, body_code)


def _period(row: Row) -> tuple[date | None, date | None]:
    begin, end = (row.take(row.cell(name), day) for name in ("有効期間から", "有効期間まで"))
    if begin and end and begin > end:
        row.table.report(
            row.cell("有効期間まで"),
            fault("W307", end=end, begin=begin),
        )
    return begin, end


_HONORIFICS = ("様", "殿", "御中", "さま", "どの")


def _title(row: Row) -> str:
    """長の職名; 様 comes from the form."""
    cell = row.cell("長の職名")
    found = next((word for word in _HONORIFICS if cell.text.endswith(word)), "")
    if found:
        row.table.report(cell, fault("W316", title=cell.text, word=found))
    return row.text("長の職名")


def _check_words(row: Row) -> None:
    kind, membership = row.cell("区分"), row.cell("会員区分")
    if kind.text and kind.text not in _KINDS:
        row.table.report(kind, _unknown_kind(kind.text))
    if membership.text and membership.text not in _MEMBERSHIPS:
        row.table.report(
            membership,
            fault("W304", membership=membership.text, memberships="、".join(_MEMBERSHIPS)),
        )


def _check_names(entries: Entries) -> None:
    """Report two bodies of one name that exist at the same time."""
    seen: dict[str, list[Member]] = {}
    for row, member in entries.values():
        namesakes = seen.setdefault(name_key(member.name), [])
        other = next((other for other in namesakes if _together(member, other)), None)
        if other is not None:
            row.table.report(
                row.cell("団体名"),
                fault("W302", member=member.name, first=other.code, code=member.code),
            )
        namesakes.append(member)


def _together(one: Member, other: Member) -> bool:
    return one.exists_between(other.valid_from or date.min, other.valid_to or date.max)


def _check_successors(entries: Entries) -> None:
    """Report successors that are not in the register, and bodies that succeed themselves."""
    for code, (row, member) in entries.items():
        if member.successor and member.successor not in entries:
            row.table.report(
                row.cell("承継先コード"),
                fault("W305", member=member.name, successor=member.successor),
            )
        elif code == min(_circle(code, entries), default=""):
            row.table.report(row.cell("承継先コード"), fault("W306", member=member.name))


def _with_heir(member: Member, entries: Entries) -> Member:
    """Give the body, without a successor that leads nowhere: that is reported already."""
    lost = member.successor not in entries or _circle(member.code, entries)
    return replace(member, successor="") if member.successor and lost else member


def _circle(code: str, entries: Entries) -> list[str]:
    """Codes from the successor of `code` back to `code`, empty where the way does not return."""
    way: list[str] = []
    while code in entries and code not in way:
        way.append(code)
        code = entries[code][1].successor
    return way if way and code == way[0] else []


def _unknown_kind(kind: str) -> Fault:
    guess = near(kind, _KINDS)
    return fault("W303.near" if guess else "W303", kind=kind, kinds="、".join(_KINDS), guess=guess)


def _double(member: Member, first: Member) -> Fault:
    return fault(
        "W301", code=member.code, first=first.name, member=member.name, cell=first.source.cell
    )
