"""Why a year is not sealed: what is not decided, not of today, out of turn, misdated or unchanged."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from apportion.core.problem import Problem, Source, tell
from apportion.core.year import FIRST, SETTLED, Edition, act_name, label, wareki
from apportion.outcome.checks.texts import examples_in
from apportion.outcome.issued import FOLDER, OUTPUTS, Issue
from apportion.outcome.outcome import Outcome
from apportion.outputs import publish
from apportion.outputs.data import kind_of
from apportion.outputs.office import ARCHIVES
from apportion.rules.book import DECIDED
from apportion.tables.revision import act_of, case_before, editions, last, until
from apportion.years.issues.papers import act_key, acted
from apportion.years.issues.reissue import beside
from apportion.years.issues.verify import altered, unchained


def refusals(outcome: Outcome, root: Path, outputs: Path) -> Iterator[Problem]:
    """Rule files that are not 議決, texts that are examples, and outputs that are not those of the inputs of today."""
    yield from _undecided(outcome)
    if found := examples_in(outcome.book):
        yield tell(
            "W874",
            found.source,
            count=found.count,
            places=found.places,
            more=found.more,
            command=_run(outcome),
        )
    record = publish.read(outputs)
    if record is None:
        yield tell("W871", Source(file=outputs.relative_to(root).as_posix()), command=_run(outcome))
        return
    now = {name: publish.digest(root / name) for name in outcome.files}
    made = record["入力"]
    changed = sorted(name for name in made.keys() | now.keys() if made.get(name) != now.get(name))
    if changed:
        yield tell(
            "W872",
            Source(file=(outputs / publish.NAME).relative_to(root).as_posix()),
            changed="、".join(changed),
            command=_run(outcome),
        )


def unchanged(outcome: Outcome, root: Path, outputs: Path) -> Iterator[Problem]:
    """That nothing is different from what was sealed last."""
    comparison = beside(outcome, root)
    last = comparison.last if comparison else None
    if comparison is None or last is None:
        return
    following = _following(outcome)
    if following and not comparison.changed():
        yield _forgotten(last, outcome, following)
        return
    same = _sent(outcome, last.record[OUTPUTS]) == _sent(outcome, publish.outputs(outputs))
    if same and not comparison.changed_inputs():
        yield tell("W873.nothing", Source(file=last.path), last=last.label, path=last.path)


def misdated(outcome: Outcome, day: date | None, before: Sequence[Issue]) -> Iterator[Problem]:
    """That the day given for an issue is before that of a former one, or far from its year."""
    former = next((one for one in reversed(before) if one.day), None)
    year = outcome.year
    # Half a year around the year: 総会 decide before it begins, late bills come after its end.
    first, last = date(year.start - 1, 10, 1), date(year.start + 1, 9, 30)
    if outcome.settled:
        first, last = year.last_day, (year + 2).last_day
    if day and not first <= day <= last:
        yield tell(
            "W884.year",
            Source(),
            day=wareki(day),
            of=f"{year.label}の{SETTLED if outcome.settled else '請求'}",
            first=wareki(first),
            last=wareki(last),
        )
    elif day and former and former.day and day < former.day:
        yield tell("W884.former", Source(file=former.path), day=wareki(day), former=former.label)


def unlike_its_act(outcome: Outcome, day: date | None) -> Iterator[Problem]:
    """That the day given for an issue is not that of the table 決定."""
    act = act_of(outcome.tables, act_key(outcome))
    if act and act.day and day != act.day:
        yield tell(
            "W868",
            act.source,
            day=wareki(day or act.day),
            act=act.name,
            decided=wareki(act.day),
            file=act.source.file,
        )


def out_of_turn(outcome: Outcome, before: Sequence[Issue]) -> Iterator[Problem]:
    """That what came before a change or 精算 is not sealed."""
    if outcome.case is None:
        return
    tables, edition = outcome.tables, outcome.edition
    former = case_before(tables, edition) if edition else last(tables)
    if former not in [issue.edition for issue in before if issue.is_bill]:
        yield tell(
            "W869",
            Source(file=f"{FOLDER}/{outcome.year}"),
            before=str(former or FIRST),
            act=act_key(outcome),
            year=outcome.year,
            case=f" --case {former}" if former else "",
        )


def broken(before: Sequence[Issue]) -> Iterator[Problem]:
    """The first former issue that is not as it was sealed: nothing is put upon it."""
    for issue in before:
        for problem in (*altered(issue), *unchained(issue)):
            yield tell(
                "W869.broken", problem.source, issue=issue.label, what=problem.what, path=issue.path
            )
            return


def _following(outcome: Outcome) -> Edition | None:
    """The next 補正 that the tables hold; None where the outcome is of the last one, or of 精算."""
    if outcome.settled:
        return None
    later = editions(outcome.tables)[len(until(outcome.tables, outcome.edition)) :]
    return next(iter(later), None)


def _forgotten(last: Issue, outcome: Outcome, following: Edition) -> Problem:
    named = f"apportion seal --year {outcome.year} --case {following} --note 備考"
    return (
        tell(
            "W873.unsaid",
            Source(file=last.path),
            present=label(outcome.edition),
            last=last.label,
            column=following.column,
            edition=following.label,
            following=following,
            named=named,
        )
        if outcome.edition is None
        else tell(
            "W873.edition",
            Source(file=last.path),
            present=label(outcome.edition),
            last=last.label,
            column=following.column,
            case=outcome.edition,
            edition=following.label,
            following=following,
            named=named,
        )
    )


def _sent(outcome: Outcome, hashes: Mapping[str, str]) -> dict[str, str]:
    """Those of the files that payers get."""
    sent = (kind_of(outcome).letters, ARCHIVES)
    return {name: x for name, x in hashes.items() if name.startswith(sent)}


def _undecided(outcome: Outcome) -> Iterator[Problem]:
    act = outcome.book.act
    if act not in (None, DECIDED):
        yield _undecided_act(outcome, act)
    for file in outcome.book.files:
        if file.state != DECIDED and (act is None or file.state_source.text):
            place = file.state_source
            line = place.mended(DECIDED) if place.text else f"状態: {DECIDED}"
            yield tell("W870", place, state=file.state, line=line)


def _undecided_act(outcome: Outcome, state: str | None) -> Problem:
    named, row = act_name(outcome.case), act_of(outcome.tables, act_key(outcome))
    file = f"rules/{outcome.year}/acts.csv"
    said = wareki(day) if (day := acted(outcome)) else "議決の日"
    return tell(
        "W870.act",
        row.source if row else Source(file=file),
        act=named,
        state=state,
        command=_run(outcome),
        file=row.source.file if row else file,
        line=f"{named},{said},{DECIDED},備考",
    )


def _run(outcome: Outcome) -> str:
    case = f" --case {outcome.edition}" * bool(outcome.edition)
    return f"apportion {kind_of(outcome).command} --year {outcome.year}{case}"
