"""What is compared, as a person names it: `r6`, `r7:補正1`, `r7:第1回`, `案1.txt`, a folder's year."""

import re
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.problem import InputError, Problem, Source, tell
from apportion.core.text import fold
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.issued import INPUTS, Issue, Issues
from apportion.outcome.outcome import Outcome
from apportion.tables.files import content
from apportion.why.cases import stands
from apportion.why.drafts import RULES, DraftFile, year_of

_ISSUE = re.compile("第([0-9]+)回")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison; `folder` is another workspace, `issue` what was sealed.

    `draft` is the name of the file that was laid over the year.
    """

    outcome: Outcome
    folder: str = ""
    issue: Issue | None = None
    draft: str = ""


def read_sides(root: Path, before: str, after: str) -> tuple[Side, Side]:
    """Both sides; one without a year of its own is taken of the year of the other."""
    years = [_year_of(text) for text in (before, after)]
    return read_side(root, before, years[1]), read_side(root, after, years[0])


def _year_of(text: str) -> FiscalYear | None:
    path = Path(text)
    if path.suffix == TEXT and path.is_file():
        return year_of(content(path))
    return _parsed(text)[0] or _parsed(text.rpartition(":")[2])[0]


TEXT = ".txt"


def _drafted(root: Path, path: Path, beside: FiscalYear | None) -> Side:
    data = content(path)
    year = year_of(data) or beside
    if year is None:
        raise InputError((tell("W904.draft", Source(), text=path.name),))
    outcome = stands(root, year).case([DraftFile(RULES, path.name, data)])
    return Side(outcome=outcome, draft=path.name)


def read_side(root: Path, text: str, beside: FiscalYear | None = None) -> Side:
    """The side that `text` names; a folder without a year is taken of the year `beside`.

    Raises `InputError` where nothing is meant, or what is meant cannot be computed.
    """
    year, which = _parsed(text)
    if year is not None:
        return _of(root, year, which, text)
    if Path(text).suffix == TEXT and Path(text).is_file():
        return _drafted(root, Path(text), beside)
    folder, _, rest = text.rpartition(":")
    year, which = _parsed(rest)
    if year is not None and Path(folder).is_dir():
        return _of(Path(folder), year, which, text, folder)
    if beside is not None and Path(text).is_dir():
        return _of(Path(text), beside, "", text, text)
    raise InputError((tell("W904", Source(), text=text),))


def _parsed(text: str) -> tuple[FiscalYear | None, str]:
    """Year, and what of it: 補正1, 第1回 or nothing."""
    head, _, which = fold(text).partition(":")
    year = FiscalYear.parse(head)
    if which and not Edition.parse(which) and not _ISSUE.fullmatch(which.strip()):
        return None, ""
    return year, which.strip()


def _of(root: Path, year: FiscalYear, which: str, text: str, folder: str = "") -> Side:
    number = _ISSUE.fullmatch(which)
    if number:
        issue = _issue(root, year, int(number[1]), text)
        return Side(outcome=replayed(issue), folder=folder, issue=issue)
    edition = Edition.parse(which) if which else None
    return Side(outcome=compute(root, year, edition=edition), folder=folder)


def _issue(root: Path, year: FiscalYear, number: int, text: str) -> Issue:
    found = {one.number: one for one in Issues.of(root, year) if one.is_bill}
    if number in found:
        return found[number]
    known = "、".join(f"第{n}回" for n in found) or "ありません"
    raise InputError((tell("W904.issue", Source(), text=text, year=year.label, known=known),))


def replayed(issue: Issue) -> Outcome:
    """What the sealed inputs come to; only where that is what was sealed."""
    for name in issue.record[INPUTS]:
        issue.content(f"{INPUTS}/{name}")  # raises where it was changed
    before = Issues(issue.folder.parent, issue.year, before=issue.number)
    outcome = compute(issue.inputs, issue.year, edition=issue.edition, issues=before)
    sealed = {(row.code, row.project, row.line): row.yen for row in issue.charges()}
    now = {(c.member.code, c.line.project, c.line.name): c.yen for c in outcome.charges}
    if sealed != now or {*outcome.instalments} != {*issue.instalments()}:
        raise InputError((_otherwise(issue),))
    return outcome


def _otherwise(issue: Issue) -> Problem:
    return tell("W904.otherwise", Source(file=issue.path), issue=issue.label, path=issue.path)
