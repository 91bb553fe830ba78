"""A workspace on disk: the tables and rule files of one year, read and not yet judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from apportion import tables
from apportion.core.model import Tables
from apportion.core.problem import Findings, Problem, Source
from apportion.core.year import Edition, FiscalYear
from apportion.forms import files as stationery
from apportion.rules import read as language
from apportion.rules.book import RuleBook, RuleFile, Vocabulary


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """What was read. `tables` is None where a table is missing; `files` are all files read.

    `attached` are the files under rules/様式 that ■請求書 names and that are there, by path. `case`
    is the 補正 whose amounts `tables` hold (None: the first budget), `day` the day of it.
    """

    year: FiscalYear
    tables: Tables | None
    book: RuleBook
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    attached: Mapping[str, bytes] = field(default_factory=dict)
    case: Edition | None = None
    day: date | None = None


def load(root: Path, year: FiscalYear) -> Workspace:
    """Read the workspace `root`; what is wrong with single files and rows is in `problems`."""
    read, problems = tables.load(root, year)
    findings = Findings()
    findings.extend(problems)
    texts = rule_texts(root, year, findings)
    files = rule_files(texts, vocabulary(read) if read else Vocabulary(), findings)
    book = RuleBook(files, unread=len(texts) - len(files))
    attached = stationery.load(root, book)
    return Workspace(
        year=year,
        tables=read,
        book=book,
        files=(*(read.files if read else ()), *texts, *attached),
        problems=findings.problems,
        attached=attached,
    )


def rule_files(
    texts: dict[str, bytes], words: Vocabulary, findings: Findings
) -> tuple[RuleFile, ...]:
    """Rule files in order of names; names that 共通 defines are known in all others."""
    common = [path for path, data in texts.items() if language.is_common(data)]
    read = {path: language.read(path, texts[path], words) for path in common}
    for file, _ in read.values():
        words = language.with_common(words, file) if file else words
    read |= {p: language.read(p, data, words) for p, data in texts.items() if p not in common}
    ordered = [read[path] for path in texts]
    for _, problems in ordered:
        findings.extend(problems)
    return tuple(file for file, _ in ordered if file is not None)


def rule_texts(root: Path, year: FiscalYear, findings: Findings) -> dict[str, bytes]:
    """Bytes of every rule file of the year, by path below the workspace, in order of names."""
    folder = root / "rules" / year.code
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
        name = path.relative_to(root).as_posix()
        if tables.is_copy(path.name):
            tables.copy_fault(path.name).add_to(findings, Source(file=name))
            continue
        try:
            found[name] = path.read_bytes()
        except OSError:
            _unreadable(name, findings)
    if not found:
        where = f"rules/{year.code}"
        findings.add(
            "W424",
            Source(file=where),
            f"{year.label}の規則ファイルがありません。",
            why=f"規則は {where} に、事業ごとのテキストファイル（.txt）で置きます。",
            fix=f"前の年度から作るときは: apportion new-year {year.code}",
        )
    return found


def _unreadable(name: str, findings: Findings) -> None:
    findings.add(
        "W104",
        Source(file=name),
        f"{name} を開けません。",
        why="ほかのソフトが使っているか、読む権限がありません。",
        fix="ファイルを閉じてから、もう一度実行してください。",
    )


def vocabulary(read: Tables) -> Vocabulary:
    """Names that rule texts may use, as the tables spell them."""
    lines: dict[str, tuple[str, ...]] = {}
    for line in read.charged:
        lines[line.project] = (*lines.get(line.project, ()), line.name)
    columns = dict.fromkeys(name for line in read.budget for name in line.columns)
    return Vocabulary(
        projects=tuple(lines),
        lines=lines,
        members=tuple(member.name for member in read.members),
        figures=tuple(column.name for column in read.figures),
        rosters=tuple(roster.name for roster in read.rosters),
        columns=tuple(columns),
    )
