"""Days of papers that follow others: a bill that is issued again, a 変更通知書, a 精算書."""

from collections.abc import Iterator
from datetime import timedelta

from apportion.core.problem import Problem, Source, tell
from apportion.core.year import parse_date, wareki
from apportion.outcome.outcome import Outcome, Revision
from apportion.rules.book import DECIDED, Remark
from apportion.rules.read import days_before_due
from apportion.tables.revision import next_correction

_AGAIN, _CHANGE, _SETTLED = "再発行日", "変更発行日", "精算発行日"
_EXAMPLE = "令和○年○月○日"
_SHOWN = 3


def problems(outcome: Outcome) -> Iterator[Problem]:
    """What is wrong with the days of the papers of a decided outcome."""
    if outcome.state == DECIDED:
        yield from dict.fromkeys(found for own in outcome.papers for found in _problems(own))


def _problems(outcome: Outcome) -> Iterator[Problem]:
    yield from _of_change(outcome)
    if outcome.reissued:
        said = _said(outcome, _AGAIN)
        yield from _of_reissue(outcome, said) if said else _missing(outcome)


def _said(outcome: Outcome, key: str) -> Remark | None:
    return next(iter(outcome.book.by_paper[outcome.account].invoice(key)), None)


def of_settlement(outcome: Outcome) -> Iterator[Problem]:
    """What is wrong with the day of the letters of a decided settlement."""
    if outcome.state == DECIDED:
        yield from dict.fromkeys(found for own in outcome.papers for found in _of_settlement(own))


def _of_settlement(outcome: Outcome) -> Iterator[Problem]:
    said = _said(outcome, _SETTLED)
    day = parse_date(said.text) if said else None
    if said is None:
        yield _undated(outcome, "精算書", _SETTLED)
        return
    held = [again.held.issued for again in outcome.reissued.values() if again.held.issued]
    last = max(held, default=None)
    if day and last and day <= last:
        yield tell("W886.settled", said.source, day=wareki(day), former=wareki(last))


def _undated(outcome: Outcome, paper: str, key: str, early: str = "") -> Problem:
    place = _place(outcome)
    return tell("W886.undated", place, paper=paper, key=key, early=early, example=_EXAMPLE)


def _place(outcome: Outcome) -> Source:
    book = outcome.book
    return Source(file=(book.common or book.files)[0].source.file)


def _of_change(outcome: Outcome) -> Iterator[Problem]:
    revision, said = outcome.revision, _said(outcome, _CHANGE)
    day = parse_date(said.text) if said else None
    if revision and not said and (early := _no_day(outcome, revision)) is not None:
        yield _undated(outcome, "変更通知書", _CHANGE, early)
    if revision and said and day and revision.day and day < revision.day:
        yield tell(
            "W886.revision",
            said.source,
            day=wareki(day),
            edition=revision.edition.label,
            former=wareki(revision.day),
            new=wareki(revision.day),
        )


def _no_day(outcome: Outcome, revision: Revision) -> str | None:
    """Why notices have no day: "" where none is said, or that it would be too early; None: they have."""
    usual = _said(outcome, "発行日")
    before = days_before_due(usual.text) if usual else None
    if before is None:
        return ""
    open_days = [p.day for p in outcome.instalments if p.day and p not in revision.stays]
    first = min(open_days, default=None)
    if first is None or revision.day is None or first - timedelta(days=before) >= revision.day:
        return None
    return f"納期限の{before}日前は、{revision.edition.label}の日より前です。"


def _missing(outcome: Outcome) -> Iterator[Problem]:
    codes = dict.fromkeys(code for code, _ in outcome.reissued)
    names = [outcome.tables.by_code[code].name for code in codes]
    more = f"など{len(names)}団体" if names[_SHOWN:] else ""
    yield tell(
        "W886",
        _place(outcome),
        count=len(names),
        names="、".join(names[:_SHOWN]) + more,
        example=_EXAMPLE,
    )


def _of_reissue(outcome: Outcome, said: Remark) -> Iterator[Problem]:
    day = parse_date(said.text)
    if day is None:
        return
    held = [again.held for again in outcome.reissued.values() if again.held.issued]
    last = max(held, key=lambda notice: notice.issued or day, default=None)
    if last and last.issued and day < last.issued:
        former = wareki(last.issued)
        yield tell("W886.before", said.source, day=wareki(day), former=last.named, new=former)
    past = sorted(
        {
            (part.day, part.label)
            for (code, _), again in outcome.reissued.items()
            for part in outcome.instalments_of(code)
            if part.day and part.day < day and part not in again.kept
        }
    )
    if past:
        following = next_correction(outcome.tables)
        yield tell(
            "W887",
            said.source,
            day=wareki(day),
            terms="、".join(f"{label} {wareki(due)}" for due, label in past),
            column=following.column,
            edition=following,
            year=outcome.year,
        )
