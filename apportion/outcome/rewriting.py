"""Rule files of a workspace in their one spelling: found, and what they are rewritten to."""

from collections.abc import Iterator, Sequence
from functools import reduce
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, InputError, OutputError, Problem
from apportion.core.year import FiscalYear
from apportion.outcome.workspace import load, rule_texts, vocabulary
from apportion.rules import read
from apportion.rules.book import Vocabulary
from apportion.rules.spell.format import first_difference, rewritten


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """One rule file, and what `fmt` makes of it: `after` is None where it holds an error.

    `name` is its path below the workspace, as messages show it.
    """

    path: Path
    name: str
    before: bytes
    after: bytes | None
    problems: tuple[Problem, ...]

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.after not in (None, self.before)

    @property
    def difference(self) -> Problem | None:
        """The first line that is not in its one spelling."""
        if self.after is None or not self.changed:
            return None
        return first_difference(self.name, self.before, self.after)


def years(root: Path) -> tuple[FiscalYear, ...]:
    """Years with a folder of rules, the earliest first."""
    found = (FiscalYear.parse(path.name) for path in (root / "rules").glob("*"))
    return tuple(sorted(year for year in found if year))


def rewritings(root: Path, year: FiscalYear, paths: Sequence[Path] = ()) -> Iterator[Rewriting]:
    """Rule files, read with the names that hold in `year`; without `paths` all of that year.

    Raises `InputError` where its tables cannot be read, as they tell which names there are.
    """
    workspace = load(root, year)
    if workspace.tables is None:
        raise InputError(workspace.problems)
    own = vocabulary(workspace.tables)
    common = {file.source.file for file in workspace.book.common}
    shared = reduce(read.with_common, workspace.book.common, own)
    for path in paths or [root / name for name in rule_texts(root, year, Findings())]:
        name = _name(root, path)
        yield _rewriting(path, name, own if name in common else shared)


def _rewriting(path: Path, name: str, words: Vocabulary) -> Rewriting:
    try:
        before = path.read_bytes()
    except OSError as error:
        message = f"{name} を読めません。名前を確かめ、ほかのソフトで開いていれば閉じてください。"
        raise OutputError(message) from error
    after, problems = rewritten(name, before, words)
    return Rewriting(path=path, name=name, before=before, after=after, problems=problems)


def _name(root: Path, path: Path) -> str:
    full, base = path.resolve(), root.resolve()
    return (full.relative_to(base) if full.is_relative_to(base) else path).as_posix()
