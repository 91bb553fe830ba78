"""What `diff` says: causes in sentences, the largest first."""

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from apportion.cli.book import written_book
from apportion.cli.layout import aligned, row, sentence
from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.numbers import money
from apportion.core.problem import InputError, Source, tell
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.explain.choice import certain, find_member, narrowed
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.why.actual import BesideBill, beside_bills, differences
from apportion.why.difference import Cause, Diff, LineChange, causes_of_all, compare, summed_causes
from apportion.why.fairness import drift
from apportion.why.record import record
from apportion.why.rule_changes import RuleChange, rule_changes
from apportion.why.sides import Side, read_side, read_sides
from apportion.why.words import (
    Reasons,
    fixed,
    key_change,
    label,
    named,
    perhaps_renamed,
    rate,
    short,
    signed,
)
from apportion.workbook import reasons


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared, and for whom and what of it (None: all)."""

    before: str
    after: str | None = None
    actual: Path | None = None
    member: str | None = None
    project: str | None = None
    line: str | None = None
    rules: bool = False
    xlsx: Path | None = None
    as_json: bool = False

    @property
    def fault(self) -> str:
        """Which of its options do not go together; empty where all do."""
        chosen = {"--member": self.member, "--project": self.project, "--line": self.line}
        shapes = {"--rules": self.rules, "--actual": self.actual}
        shapes |= {"--xlsx": self.xlsx, "--json": self.as_json}
        given = [name for name, value in shapes.items() if value]
        if len(given) > 1:
            return f"{' と '.join(given)} は、一緒に使えません。"
        narrowed = [name for name, value in chosen.items() if value is not None]
        if narrowed and given and given[0] in {"--rules", "--actual"}:
            return f"{given[0]} は、{'、'.join(narrowed)} とは一緒に使えません。"
        return ""


def answer(root: Path, asked: Asked) -> str:
    """The whole comparison; raises `InputError` where a side or a name is not known."""
    if asked.actual is not None and asked.after is None:
        outcome = read_side(root, asked.before).outcome
        return "\n".join(_bills(outcome, beside_bills(outcome, asked.actual)))
    if asked.after is None or asked.actual is not None:
        raise InputError((tell("W904.alone", Source()),))
    before, after = read_sides(root, asked.before, asked.after)
    if asked.rules:
        changes = rule_changes(before.outcome, after.outcome)
        return "\n".join(_rules(before, after, changes))
    diff = compare(before.outcome, after.outcome)
    told = Told(diff, before, after)
    found = _chosen(diff, asked)
    member = _member(after, asked.member) if asked.member else None
    if member:
        found = [change for change in found if change.member.code == member.code]
    if asked.xlsx is not None:
        labels = (side_label(before), side_label(after))
        data = reasons.of_diff(diff, found, labels)
        return written_book(asked.xlsx, root, reasons.title_of_diff(labels), data)
    if asked.as_json:
        return json.dumps(record(diff, found), ensure_ascii=False, indent=1)
    return "\n".join(_one(told, member, found) if member else _everybody(told, found))


def _member(after: Side, text: str) -> Member:
    """The body that is meant, or the one that it went on as."""
    tables = after.outcome.tables
    return tables.heir(certain(find_member(tables, text)).code)


def _chosen(diff: Diff, asked: Asked) -> Sequence[LineChange]:
    """Changes of the 事業 and 経費 that were asked for."""
    named = ((change.project, change.line, change) for change in diff.changes)
    return certain(narrowed(named, asked.project, asked.line))


@dataclass(frozen=True, slots=True)
class Told:
    """A difference, and how its sides are called."""

    diff: Diff
    before: Side
    after: Side

    @property
    def title(self) -> str:
        """`令和6年度から令和7年度へ`."""
        return f"{side_label(self.before)}から{side_label(self.after)}へ"


def side_label(side: Side) -> str:
    """`令和7年度`, `令和7年度 第1回（令和7年5月30日 総会議決）`, `令和7年度 案1.txt`, `控え 令和6年度`."""
    which = side.issue.label if side.issue else side.draft
    parts = (side.folder, label(side.outcome), which)
    return " ".join(part for part in parts if part)


def _one(told: Told, member: Member, changes: Sequence[LineChange]) -> Iterator[str]:
    """One body: the sum, its causes, and each line that changed with its reasons."""
    yield f"{told.title}　{member.name}（団体コード {member.code}）の負担金"
    if not changes:
        yield f"{member.name}が負担する経費は、前も後もありません。"
        return
    for text in short(changes, side_label(told.before)):
        yield from sentence(0, text)
    yield ""
    yield from _sum(changes)
    yield from _causes(summed_causes(changes))
    told_by = Reasons(told.diff)
    for project, own in _by_project(told.diff, changes):
        if not any(change.yen or change.causes for change in own):
            continue
        yield ""
        yield from row(0, project, signed(sum(change.yen for change in own)))
        for change in own:
            yield from _line(change, told_by)
    same = [change for change in changes if not change.causes]
    if same:
        yield ""
        yield from sentence(
            0, f"変わらない経費: {len(same)}件、{money(sum(c.after for c in same))}"
        )


def _sum(changes: Sequence[LineChange]) -> Iterator[str]:
    before, after = sum(c.before for c in changes), sum(c.after for c in changes)
    percent = rate(after - before, before)
    yield from row(0, "前", money(before))
    yield from row(0, "後", money(after))
    yield from row(0, "増減", signed(after - before), f"{percent}" if percent else "")


def _by_project(
    diff: Diff, changes: Sequence[LineChange]
) -> Iterator[tuple[str, list[LineChange]]]:
    found = grouped((name_key(change.project), change) for change in changes)
    for project in diff.projects:
        if name_key(project) in found:
            yield project, found[name_key(project)]


def _causes(causes: Sequence[Cause]) -> Iterator[str]:
    for cause in causes:
        yield from row(1, named(cause.kinds), signed(cause.yen))


def _line(change: LineChange, reasons: Reasons) -> Iterator[str]:
    if not change.causes:
        return
    yield from row(
        1, change.line, signed(change.yen), f"{money(change.before)} → {money(change.after)}"
    )
    for cause in change.causes:
        if not cause.yen:
            continue
        yield from row(2, named(cause.kinds), signed(cause.yen))
        for text in reasons.of(change, cause):
            yield from sentence(4, text)


def _everybody(told: Told, changes: Sequence[LineChange]) -> Iterator[str]:
    """All bodies: the sum and its causes, who pays more and who less, 事業 and 収入の部."""
    yield f"{told.title}　負担金の増減"
    yield ""
    yield from _sum(changes)
    yield from _causes(causes_of_all(changes))
    yield ""
    yield "事業ごと"
    for project, own in _by_project(told.diff, changes):
        yield from row(1, project, signed(sum(change.yen for change in own)))
    yield from _bodies(changes)
    yield from _income(told.diff)
    yield ""
    if hint := perhaps_renamed(changes):
        yield from sentence(0, hint)
    yield "くわしくは: --member 団体名"


def _bodies(changes: Sequence[LineChange]) -> Iterator[str]:
    by_member = grouped((change.member.code, change) for change in changes)
    moved = [(sum(c.yen for c in own), own) for own in by_member.values()]
    for words, sign in (("増える団体", 1), ("減る団体", -1)):
        own = sorted(
            (-sign * yen, lines[0].member.code, lines) for yen, lines in moved if yen * sign > 0
        )
        yield ""
        yield f"{words}（{len(own)}団体）"
        rows = [_body(lines) for _, _, lines in own]
        yield from (f"  {text}" for text in aligned(rows, (1, 2))) if rows else ()
    level = [lines[0].member.name for yen, lines in moved if not yen]
    if level:
        yield ""
        yield f"変わらない団体（{len(level)}団体）: {'、'.join(level)}"


def _body(changes: Sequence[LineChange]) -> tuple[str, ...]:
    before, yen = sum(c.before for c in changes), sum(c.yen for c in changes)
    largest = summed_causes(changes)[:2]
    why = "、".join(f"{named(cause.kinds)} {signed(cause.yen)}" for cause in largest)
    return changes[0].member.name, signed(yen), rate(yen, before) or "新規", why


def _income(diff: Diff) -> Iterator[str]:
    yield ""
    yield "収入の部"
    for change in diff.income:
        name = f"{change.project} {change.subject}".strip()
        before, after = (
            "なし" if yen is None else money(yen) for yen in (change.before, change.after)
        )
        yield from row(1, name, signed(change.yen), f"{before} → {after}")


def _bills(outcome: Outcome, found: Sequence[BesideBill]) -> Iterator[str]:
    """Every difference between what was billed and what is computed."""
    computed, billed = sum(own.computed for own in found), sum(own.billed for own in found)
    yield f"{label(outcome)}　計算した額と、実際の請求"
    yield ""
    yield from row(0, "計算した額", money(computed))
    yield from row(0, "実際の請求", money(billed))
    yield from row(0, "差", signed(billed - computed))
    other = list(differences(found))
    yield ""
    if not other:
        yield f"{len(found)}件のすべてが一致しています。"
        return
    yield f"違うもの（{len(found)}件のうち{len(other)}件）"
    rows = [
        (
            own.member.name,
            own.project,
            own.line,
            money(own.computed),
            money(own.billed),
            signed(own.difference),
        )
        for own in other
    ]
    head = ("団体", "事業", "経費", "計算", "請求", "差")
    yield from (f"  {line}" for line in aligned([head, *rows], (3, 4, 5)))


def _rules(before: Side, after: Side, changes: Sequence[RuleChange]) -> Iterator[str]:
    """Changes of rules by 事業."""
    yield f"{side_label(before)}から{side_label(after)}へ　規則の違い"
    if not changes:
        yield "規則は変わっていません。"
    for found in grouped((name_key(change.project), change) for change in changes).values():
        yield ""
        yield f"◆{found[0].project}"
        for where, own in groupby(found, key=_where):
            yield from sentence(1, where)
            for change in own:
                yield from sentence(2, key_change(change))


def _where(change: RuleChange) -> str:
    if change.lines:
        return f"■経費 {'、'.join(change.lines)}"
    return change.block or "ファイルの先頭"


def drifted(root: Path, first: str, last: str) -> str:
    """What rounding gave each body beyond its exact amounts, over all years from first to last."""
    ends = [read_side(root, text).outcome.year for text in (first, last)]
    years = [FiscalYear(start) for start in range(ends[0].start, ends[1].start + 1)]
    outcomes = [compute(root, year) for year in years if (root / "rules" / year.code).is_dir()]
    return "\n".join(_drifts(outcomes))


def _drifts(outcomes: Sequence[Outcome]) -> Iterator[str]:
    labels = [outcome.year.label for outcome in outcomes]
    yield f"端数の積み重なり（円にそろえた負担金 － 正確な額）　{'、'.join(labels)}"
    yield ""
    rows = []
    for own in grouped((one.member.code, one) for one in drift(outcomes)).values():
        years = [sum((one.by_year[n] for one in own), Fraction(0)) for n in range(len(outcomes))]
        most = max(own, key=lambda one: abs(one.whole))
        told = f"{most.project} {most.line} {_part(most.whole)}"
        rows.append((own[0].member.name, *map(_part, years), _part(sum(years, Fraction(0))), told))
    head = ("団体", *labels, "計", "最も大きい経費")
    yield from (f"  {line}" for line in aligned([head, *rows], range(1, len(labels) + 2)))


def _part(yen: Fraction) -> str:
    """`0.33円`, `△1.50円`."""
    return f"{fixed(yen, 2)}円"
