"""A computation beside the bills that were sealed: whose bill changed, and what a new one replaces."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.numbers import money
from apportion.core.problem import Problem, Source, grave, tell
from apportion.core.text import name_key, on_lines
from apportion.core.year import SETTLED, label, wareki
from apportion.outcome.computation import Examined, conclude
from apportion.outcome.issued import (
    BILLS,
    FOLDER,
    INPUTS,
    OUTPUTS,
    RECORD,
    TERMS,
    Issue,
    Issues,
    notice,
)
from apportion.outcome.outcome import Outcome, Reissue
from apportion.outcome.receipts import collected
from apportion.outcome.seen import marked
from apportion.outcome.settled import Settled, difference_of
from apportion.outputs import publish
from apportion.tables import payments
from apportion.tables.revision import is_later, next_correction
from apportion.years.issues import days

Slot = tuple[date, int, str]
"""納期限, number and 団体コード."""


def changed_terms(outcome: Outcome, issue: Issue) -> str:
    """`第1期（令和7年7月31日、2団体、うち納入のある1団体）、第2期（…）`; empty where all stay.

    There is no clock: a person knows which of the days are past.
    """
    slots, paid = sorted(_slots(outcome, issue)), _paid(outcome, issue)
    told = []
    for day, number in dict.fromkeys((day, number) for day, number, _ in slots):
        own = {code for when, term, code in slots if (when, term) == (day, number)}
        had = sum((code, number) in paid for code in own)
        more = f"、うち納入のある{had}団体" if had else ""
        told.append(f"第{number}期（{wareki(day)}、{len(own)}団体{more}）")
    return "、".join(told)


def _slots(outcome: Outcome, issue: Issue) -> Iterator[Slot]:
    now = {(part.code, part.number, part.day): part.yen for part in outcome.instalments}
    for part in issue.instalments():
        if part.day and now.get((part.code, part.number, part.day), 0) != part.yen:
            yield part.day, part.number, part.code


def _paid(outcome: Outcome, issue: Issue) -> set[tuple[str, int]]:
    """Payer and 期 of what was paid, in part or as a whole."""
    found = collected(issue.receivables(), outcome.tables)
    return {(one.code, one.number) for one in found if one.paid}


def cautions(outcome: Outcome, root: Path) -> Iterator[Problem]:
    """That the outcome is of a budget before the one that was sealed last."""
    if last := _later(outcome, root):
        yield tell(
            "W885",
            Source(file=last.path),
            latest=label(last.edition),
            last=last.label,
            earlier=label(outcome.edition),
            year=outcome.year,
            edition=last.edition,
        )


def refusals(outcome: Outcome, root: Path) -> Iterator[Problem]:
    """That sealing the outcome would go back to an earlier budget, or change what 精算 rests on."""
    settled = Issues.of(root, outcome.year).latest(SETTLED)
    if settled and not outcome.settled:
        yield tell(
            "W883.settled",
            Source(file=settled.path),
            last=settled.label,
            earlier=label(outcome.edition),
            year=outcome.year,
        )
        return
    if last := _later(outcome, root):
        yield tell(
            "W883",
            Source(file=last.path),
            last=last.label,
            latest=label(last.edition),
            earlier=label(outcome.edition),
            edition=last.edition,
            year=outcome.year,
        )


def _later(outcome: Outcome, root: Path) -> Issue | None:
    """The last issue, where it is of a later budget."""
    last = None if outcome.settled else Issues.of(root, outcome.year).newest()
    return last if last and is_later(outcome.tables, last.edition, outcome.edition) else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """An outcome beside the issues of its budget, the last of them last.

    `last` is the one that holds; None where all are withdrawn.
    """

    outcome: Outcome
    issues: Sequence[Issue]
    last: Issue | None
    root: Path

    def changed(self) -> list[str]:
        """A line for each payer whose bill is not that of the last issue."""
        return list(_changed(self.outcome, self.last)) if self.last else []

    def problems(self) -> Iterator[Problem]:
        """That amounts are not those of the last issue."""
        if changed := self.changed():
            yield _differs(self, changed)

    def reissued(self) -> Iterator[tuple[str, Reissue]]:
        """Payers whose bill is another one than they got before, by 団体コード."""
        for code, content in contents(self.outcome).items():
            got = list(_versions(code, self.issues))
            if got and got[-1][0] == content:
                got.pop()
            if got:
                yield code, self._again(code, got[-1][1], len(got))

    def _again(self, code: str, issue: Issue, times: int) -> Reissue:
        """The bill of a payer that takes the place of the one of an issue, the 期 alone that are others."""
        terms = issue.record[BILLS][code].get(TERMS, {})
        former = issue.instalments() if terms else ()
        billed = {part for part in former if str(part.number) in terms}
        kept = {
            part: notice(terms[str(part.number)])
            for part in self.outcome.instalments_of(code)
            if part in billed
        }
        return Reissue(times, _named(issue, code), notice(issue.record[BILLS][code]), kept)

    def changed_inputs(self) -> list[str]:
        """Inputs that are not those of the last issue, missing ones and further ones too.

        Payments come after the bills, and nothing of a bill follows from them.
        """
        sealed: Mapping[str, str] = self.last.record[INPUTS] if self.last else {}
        now = digests(self.outcome, self.root)
        counted = (sealed.keys() | now.keys()) - set(payments.files(self.outcome.year.code))
        return sorted(name for name in counted if sealed.get(name) != now.get(name))


def beside(outcome: Outcome, root: Path, issues: Issues | None = None) -> Comparison | None:
    """The outcome beside `issues` (default: those in `root`); None where nothing of its budget is.

    Raises `OutputError` where an issue was damaged.
    """
    issues = issues or Issues.of(root, outcome.year)
    own = issues.history(outcome.case)
    return Comparison(outcome, own, issues.latest(outcome.case), root) if own else None


def compared(outcome: Outcome, root: Path, issues: Issues | None = None) -> Outcome:
    """The outcome with what follows from the sealed issues; they become inputs of it."""
    comparison = beside(outcome, root, issues)
    history = comparison.issues if comparison else ()
    folders = dict.fromkeys((*_before(outcome), *(issue.path for issue in history)))
    known = _with(outcome, comparison)
    return replace(
        known,
        files=(*outcome.files, *(f"{folder}/{RECORD}" for folder in folders)),
        problems=(*outcome.problems, *marked(_told(known, root, comparison), known.tables)),
    )


def with_reissued(outcome: Outcome, root: Path) -> Outcome:
    """The outcome with the bills that are issued again, which have a 文書番号 of their own."""
    return _with(outcome, beside(outcome, root))


def _with(outcome: Outcome, comparison: Comparison | None) -> Outcome:
    return replace(outcome, reissued=dict(comparison.reissued())) if comparison else outcome


def _told(outcome: Outcome, root: Path, comparison: Comparison | None) -> tuple[Problem, ...]:
    """What changed since the issues; only that a later budget is sealed, where one is."""
    overtaken = tuple(cautions(outcome, root))
    changed = comparison.problems() if comparison else ()
    dated = days.of_settlement(outcome) if outcome.settled else days.problems(outcome)
    return overtaken or (*changed, *dated)


def _before(outcome: Outcome) -> Iterator[str]:
    """Folders of the issue that a 補正 goes on from, and of the one that payments are for."""
    issue = outcome.revision.former.issue if outcome.revision else ""
    if issue:
        yield f"{FOLDER}/{outcome.year}/{issue}"
    if outcome.tables.payments and outcome.receivables.path:
        yield outcome.receivables.path


def changes(examined: Examined, root: Path) -> tuple[Problem, ...]:
    """What a run would say of the sealed issues; nothing while the input is at fault."""
    if grave(examined.problems):
        return ()
    outcome = conclude(examined)
    comparison = beside(outcome, root)
    known = _with(outcome, comparison)
    return marked(_told(known, root, comparison), known.tables)


def with_other_changes(outcome: Outcome, root: Path, invoices: Path) -> Outcome:
    """The outcome with what its written workbooks say otherwise than sealed ones of equal yen."""
    comparison = beside(outcome, root)
    last = comparison.last if comparison else None
    if last is None:
        return outcome
    same = {
        code
        for code, content in contents(outcome).items()
        if last.record[BILLS].get(code, {}).get("内容") == content
    }
    files = [path for path in sorted(invoices.glob("*.xlsx")) if path.name.split("_")[0] in same]
    other = [path for path in files if _says_otherwise(path, last)]
    found = (_looks_different(last, other),) if other else ()
    return replace(outcome, problems=(*outcome.problems, *marked(found, outcome.tables)))


def _says_otherwise(path: Path, issue: Issue) -> bool:
    """Whether a cell of a workbook is not that of the sealed one; its form as a file does not count."""
    name = f"{path.parent.name}/{path.name}"
    sealed = issue.record[OUTPUTS].get(name)
    if sealed in (None, publish.digest(path)):
        return sealed is None
    # Loaded here: most workbooks are the same byte by byte.
    from apportion.workbook.sheets.grid import grids  # noqa: PLC0415

    return grids(path) != grids(issue.outputs / name)


def contents(outcome: Outcome) -> dict[str, str]:
    """What is billed to each payer, as a hash: each 経費 of each member, and the instalments.

    Of 精算 what each body was billed and owes, and what goes through a 代表.
    """
    if outcome.settled:
        codes = sorted({*outcome.settled.by_member, *outcome.settled.by_payer})
        return {code: _settled(outcome.settled, code) for code in codes}
    return {code: _content(outcome, code) for code in outcome.billed}


def asked(outcome: Outcome, code: str) -> int:
    """Yen that a paper frames: of the year, or of 精算 the difference, of a 代表 that of its bodies."""
    if outcome.settled is None:
        return outcome.billed_to(code)
    settled = outcome.settled
    return difference_of(settled.by_payer.get(code) or settled.by_member.get(code, ()))


def digests(outcome: Outcome, root: Path) -> dict[str, str]:
    """Hash of each rule text and table that the outcome was computed from."""
    return {name: publish.digest(root / name) for name in sorted(outcome.files) if own(name)}


def own(name: str) -> bool:
    """Whether an input is one of the workspace, not an issue that was sealed before."""
    return not name.startswith("outputs/")


def _content(outcome: Outcome, code: str) -> str:
    charges = [
        (c.member.code, name_key(c.line.project), name_key(c.line.name), c.yen)
        for c in outcome.billed[code]
        if c.yen
    ]
    parts = [(part.number, part.yen) for part in outcome.instalments_of(code)]
    return hashlib.sha256(json.dumps([charges, parts]).encode()).hexdigest()


def _settled(settled: Settled, code: str) -> str:
    rows = sorted(
        (
            row.member.code,
            name_key(row.project),
            name_key(row.line),
            row.billed,
            row.settled,
            row.way,
        )
        for row in settled.rows
        if code in (row.member.code, settled.payer_of(row))
    )
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _versions(code: str, issues: Sequence[Issue]) -> Iterator[tuple[str, Issue]]:
    """Each bill that a payer got, as a hash, and the issue in which it was a new one."""
    last = ""
    for issue in issues:
        content = issue.record[BILLS].get(code, {}).get("内容", "")
        if content and content != last:
            last = content
            yield content, issue


def _named(issue: Issue, code: str) -> str:
    """`令和7年7月16日付け 例協第12号の3（整理番号 R7-232017、第1回 総会議決）に代わるもの`."""
    held, kind = notice(issue.record[BILLS][code]), "精算書" if issue.case == SETTLED else "請求書"
    told = held._replace(document=held.document or kind).named
    return f"{told.removesuffix('）')}、第{issue.number}回 {issue.words}）に代わるもの"


def _changed(outcome: Outcome, issue: Issue) -> Iterator[str]:
    """A line for each payer whose bill is not that of the issue."""
    now, before = contents(outcome), issue.record[BILLS]
    for code in sorted(now.keys() | before.keys()):
        former = before.get(code, {})
        if former.get("内容") != now.get(code):
            name = outcome.tables.by_code[code].name if code in now else former["団体名"]
            yield f"{name} {_change(former.get('請求額_円', 0), asked(outcome, code))}"


def _change(before: int, now: int) -> str:
    if before == now:
        return f"{money(now)}（計は同じで、内訳か期ごとの額が違います）"
    return f"{money(before)} → {money(now)}（{now - before:+,}円）"


def _differs(comparison: Comparison, changed: Sequence[str]) -> Problem:
    issue, outcome = comparison.last, comparison.outcome
    assert issue is not None
    inputs = "、".join(comparison.changed_inputs())
    reason = f"確定のあとで変わった入力: {inputs}" if inputs else _program(issue)
    terms = "" if outcome.settled else changed_terms(outcome, issue)
    following = next_correction(outcome.tables)
    return tell(
        "W881.settled" if outcome.settled else "W881.terms" if terms else "W881",
        Source(file=issue.path),
        issue=issue.label,
        path=issue.path,
        count=len(changed),
        before=issue.record["負担金額_円"],
        now=outcome.total,
        changed=on_lines(changed, "団体"),
        reason=reason,
        year=outcome.year,
        edition=_edition(outcome),
        terms=terms,
        next=following,
        column=following.column,
    )


def _looks_different(issue: Issue, files: Sequence[Path]) -> Problem:
    more = f" など {len(files)} 件" if len(files) > 1 else ""
    return tell(
        "W882",
        Source(file=f"{issue.path}/{OUTPUTS}/請求書"),
        issue=issue.label,
        files=files[0].name,
        more=more,
        program=issue.program,
    )


def _program(issue: Issue) -> str:
    return f"入力は確定したときと同じです（確定したプログラムは {issue.program}）"


def _edition(outcome: Outcome) -> str:
    return f" --case {outcome.case}" if outcome.case else ""
