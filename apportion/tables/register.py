"""Register of members (members.csv): every body that is or was, with its code."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from apportion.core.model import Member
from apportion.core.text import name_key, near, why
from apportion.tables.cells import Fault, body_code, day, digits, lost_zero, restored_code
from apportion.tables.files import Form
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
            table.report(row.cell(CODE), _listed_twice(member, seen[member.code].cell(CODE).row))


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


def _listed_twice(member: Member, first: int) -> Fault:
    return Fault(
        "W314",
        f"「{member.name}」（{member.code}）が2行あります（1つ目は{first}行目）。",
        "1団体は1行です。",
        "どちらかの行を消してください。",
    )


FORM = Form(
    "団体一覧",
    "members/members",
    "団体コード,団体名,よみ,区分,郡,会員区分,有効期間から,有効期間まで,承継先コード",
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
    table.allow("よみ", "郡", "有効期間から", "有効期間まで", "承継先コード")
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
        doubtful |= {digits(written or ""), name_key(name or "")}
    begin, end = _period(row)
    kind = row.name("区分") or ""
    _check_words(row)
    if written is None or name is None:
        return None
    return Member(
        code=code or digits(written),
        name=name,
        kana=row.text("よみ"),
        kind=kind,
        county=row.text("郡"),
        membership=row.text("会員区分"),
        valid_from=begin,
        valid_to=end,
        successor=_code(row, row.cell("承継先コード")) or "",
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
            Fault(
                "W307",
                f"有効期間の終わり（{end}）が始まり（{begin}）より前です。",
                "その団体がいつあるのかが決まりません。",
                "始まりと終わりの日付を確かめて、直してください。",
            ),
        )
    return begin, end


def _check_words(row: Row) -> None:
    kind, membership = row.cell("区分"), row.cell("会員区分")
    if kind.text and kind.text not in _KINDS:
        row.table.report(kind, _unknown_kind(kind.text))
    if membership.text and membership.text not in _MEMBERSHIPS:
        row.table.report(membership, _unknown_membership(membership.text))


def _check_names(entries: Entries) -> None:
    """Report two bodies of one name that exist at the same time."""
    seen: dict[str, list[Member]] = {}
    for row, member in entries.values():
        namesakes = seen.setdefault(name_key(member.name), [])
        for other in namesakes:
            if _together(member, other):
                row.table.report(row.cell("団体名"), _namesake(member, other))
        namesakes.append(member)


def _together(one: Member, other: Member) -> bool:
    return one.exists_between(other.valid_from or date.min, other.valid_to or date.max)


def _check_successors(entries: Entries) -> None:
    """Report successors that are not in the register, and bodies that succeed themselves."""
    for code, (row, member) in entries.items():
        if member.successor and member.successor not in entries:
            row.table.report(row.cell("承継先コード"), _no_successor(member))
        elif code == min(_circle(code, entries), default=""):
            row.table.report(row.cell("承継先コード"), _circular(member))


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
    return Fault(
        "W303",
        f"「{kind}」という区分はありません。",
        f"書けるのは {'、'.join(_KINDS)} です。",
        f"「{guess}」に直してください。" if guess else "このどれかに直してください。",
    )


def _unknown_membership(membership: str) -> Fault:
    return Fault(
        "W304",
        f"「{membership}」という会員区分はありません。",
        f"書けるのは {'、'.join(_MEMBERSHIPS)} です。",
        "会員なら「会員」か「準会員」と書き、会員でなければ空欄にしてください。",
    )


def _double(member: Member, first: Member) -> Fault:
    return Fault(
        "W301",
        f"団体コード「{member.code}」が2行あります（「{first.name}」と「{member.name}」、"
        f"1つ目は {first.source.cell} の行）。",
        "団体コードで1つの団体を指すので、同じコードは1行だけです。",
        "同じ団体なら1行を消し、違う団体ならコードを直してください。",
    )


def _namesake(member: Member, other: Member) -> Fault:
    return Fault(
        "W302",
        f"「{member.name}」が同じ時期に2つあります（{other.code} と {member.code}）。",
        "規則の中では団体を名前で指すので、同じ時期に同じ名前があると、どちらか決まりません。",
        "「府中市（東京都）」のように区別するか、片方の有効期間を直してください。",
    )


def _no_successor(member: Member) -> Fault:
    return Fault(
        "W305",
        f"「{member.name}」の承継先コード「{member.successor}」がこの表にありません。",
        "名簿や基礎数値に残る前の団体の分を、どの団体に引き継ぐかが決まりません。",
        "承継先の団体の行を加えるか、コードを直してください。",
    )


def _circular(member: Member) -> Fault:
    return Fault(
        "W306",
        f"「{member.name}」の承継先をたどると、自分に戻ります。",
        "どの団体に引き継がれたのかが決まりません。",
        "いまある団体の承継先コードを空欄にしてください。",
    )
