"""A workspace on disk: the tables and rule files of one year, read and not yet judged."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from pathlib import Path

from apportion import tables
from apportion.core.dataclass import dataclass
from apportion.core.model import Tables
from apportion.core.problem import Findings, Problem, Source, tell
from apportion.core.sums import grouped
from apportion.core.year import FIRST, Edition, FiscalYear
from apportion.forms import files
from apportion.rules import read
from apportion.rules.book import RuleBook, RuleFile, Vocabulary
from apportion.tables.revision import state_of, unlisted


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """What was read. `tables` is None where a table is missing; `files` are all files read.

    `attached` are the files under rules/様式 that ■請求書 names and that are there, by path. `edition`
    is the 補正 whose amounts `tables` hold (None: the first budget), `day` the day of it.
    """

    year: FiscalYear
    tables: Tables | None
    book: RuleBook
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    attached: Mapping[str, bytes] = field(default_factory=dict)
    edition: Edition | None = None
    day: date | None = None


def load(root: Path, year: FiscalYear) -> Workspace:
    """Read the workspace `root`; what is wrong with single files and rows is in `problems`."""
    found, problems = tables.load(root, year)
    findings = Findings()
    findings.extend(problems)
    texts = rule_texts(root, year, findings)
    parsed = rule_files(texts, vocabulary(found) if found else Vocabulary(), findings)
    state = state_of(found, FIRST) if found else None
    book = RuleBook(parsed, unread=len(texts) - len(parsed), act=state)
    if found:
        unlisted(found, findings)
    attached = files.load(root, book)
    return Workspace(
        year=year,
        tables=found,
        book=book,
        files=(*(found.files if found else ()), *texts, *attached),
        problems=findings.problems,
        attached=attached,
    )


def rule_files(
    texts: dict[str, bytes], words: Vocabulary, findings: Findings
) -> tuple[RuleFile, ...]:
    """Rule files in order of names; names that 共通 defines are known in all others."""
    common = [path for path, data in texts.items() if read.is_common(data)]
    parsed = {path: read.read(path, texts[path], words) for path in common}
    for file, _ in parsed.values():
        words = read.with_common(words, file) if file else words
    parsed |= {p: read.read(p, data, words) for p, data in texts.items() if p not in common}
    ordered = [parsed[path] for path in texts]
    for _, problems in ordered:
        findings.extend(problems)
    return tuple(file for file, _ in ordered if file is not None)


def rule_texts(root: Path, year: FiscalYear, findings: Findings) -> dict[str, bytes]:
    """Bytes of every rule file of the year, by path below the workspace, in order of names."""
    folder = root / "rules" / year.code
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
        if tables.is_hidden(path.name):
            continue
        name = path.relative_to(root).as_posix()
        if tables.is_copy(path.name):
            findings.add(tables.copy_fault(path.name).at(Source(file=name)))
            continue
        try:
            found[name] = path.read_bytes()
        except OSError:
            findings.add(tell("W104.rules", Source(file=name), name=name))
    if not found:
        where = f"rules/{year.code}"
        findings.add(tell("W424", Source(file=where), year=year.label, where=where, code=year.code))
    return found


def vocabulary(known: Tables) -> Vocabulary:
    """Names that rule texts may use, as the tables spell them."""
    names = grouped((line.project, line.name) for line in known.charged)
    columns = dict.fromkeys(name for line in known.budget for name in line.columns)
    return Vocabulary(
        projects=tuple(names),
        lines={project: tuple(own) for project, own in names.items()},
        members=tuple(member.name for member in known.members),
        figures=tuple(column.name for column in known.figures),
        units={column.name: column.unit for column in known.figures},
        rosters=tuple(roster.name for roster in known.rosters),
        columns=tuple(columns),
    )
