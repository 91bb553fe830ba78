"""Days of papers that follow others: a bill that is issued again, a 変更通知書."""

from collections.abc import Iterator

from apportion.core.problem import Problem, Source, tell
from apportion.core.year import parse_date, wareki
from apportion.outcome.outcome import Outcome
from apportion.rules.book import DECIDED, Remark, Scope
from apportion.tables.revision import next_correction

_AGAIN, _CHANGE = "再発行日", "変更発行日"
_SHOWN = 3


def problems(outcome: Outcome) -> Iterator[Problem]:
    """What is wrong with the days of the papers of a decided outcome."""
    if outcome.state != DECIDED:
        return
    yield from _of_change(outcome)
    if outcome.reissued:
        said = _said(outcome, _AGAIN)
        yield from _of_reissue(outcome, said) if said else _missing(outcome)


def _said(outcome: Outcome, key: str) -> Remark | None:
    book = outcome.book
    return next(iter(Scope((*book.common, *book.files)).invoice(key)), None)


def _of_change(outcome: Outcome) -> Iterator[Problem]:
    revision, said = outcome.revision, _said(outcome, _CHANGE)
    day = parse_date(said.text) if said else None
    if revision and said and day and revision.day and day < revision.day:
        yield tell(
            "W886.revision",
            said.source,
            day=wareki(day),
            edition=revision.edition.label,
            former=wareki(revision.day),
            new=wareki(revision.day),
        )


def _missing(outcome: Outcome) -> Iterator[Problem]:
    names = [outcome.tables.by_code[code].name for code in outcome.reissued]
    more = f"など{len(names)}団体" if names[_SHOWN:] else ""
    book = outcome.book
    yield tell(
        "W886",
        Source(file=(book.common or book.files)[0].source.file),
        count=len(names),
        names="、".join(names[:_SHOWN]) + more,
        example="令和○年○月○日",
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
            (part.day, part.number)
            for code, again in outcome.reissued.items()
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
            terms="、".join(f"第{number}期 {wareki(due)}" for due, number in past),
            column=following.column,
            edition=following,
            year=outcome.year,
        )
