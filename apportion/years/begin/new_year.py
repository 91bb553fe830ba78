"""`new-year`: rules and members of a year from those of the year before, and the to-do list."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, InputError, Level, OutputError, Problem, Source, tell
from apportion.core.year import FiscalYear
from apportion.outcome import workspace
from apportion.outcome.computation import examine
from apportion.outcome.rewriting import years
from apportion.outputs import stage
from apportion.tables import figures, register, roster
from apportion.tables.edit import Changes, changed
from apportion.tables.files import open_table
from apportion.tables.register import Directory
from apportion.tables.table import Table
from apportion.years.begin.members import Carried, carried, ended, next_figures, next_roster
from apportion.years.begin.texts import YearStep, next_rules

_WORK = "年度"
_LENT = "rules/様式"


@contextmanager
def staged(root: Path, folders: Sequence[str]) -> Iterator[Path]:
    """A folder to write into; on leaving, its `folders` are moved to their places below `root`.

    None of them may hold anything there. All of them are moved or none. Raises `OutputError`.
    """
    try:
        with stage.opened(root, _WORK) as made:
            yield made
            stage.place(made, [(folder, root / folder) for folder in folders], once=True)
    except OSError as error:
        there = [folder for folder in folders if _content(root / folder)]
        state = f"{'、'.join(there)} は、できています。" if there else "何も書いていません。"
        message = (
            f"{root} に書けませんでした（{error.strerror or error}）。{state}\n"
            "  直し方: 書ける場所とディスクの空きを確かめて、もう一度実行してください。"
        )
        raise OutputError(message) from error


@contextmanager
def borrowed(root: Path, made: Path) -> Iterator[None]:
    """While it lasts, the stage also holds what all years share: the register and the forms."""
    lent = [path.relative_to(root) for path in (root / "members").glob("members.*")]
    for path in lent:
        shutil.copyfile(root / path, made / path)
    if (root / _LENT).is_dir():
        shutil.copytree(root / _LENT, made / _LENT)
    yield
    for path in lent:
        (made / path).unlink()
    shutil.rmtree(made / _LENT, ignore_errors=True)


_NAMES = "names.csv"
_KINDS = ("rules", "members")

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewYear:
    """What was made: paths below the workspace, what changed by itself, and what is to be decided.

    `todo` are the errors that `check` lists for the new year, in its order; `later` is what to do
    after the 精算 of the old one.
    """

    files: tuple[str, ...]
    told: tuple[str, ...]
    todo: tuple[Problem, ...]
    later: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Members:
    """The tables of members of the old year."""

    directory: Directory
    roster: Table
    figures: Table


def new_year(root: Path, old: FiscalYear, new: FiscalYear) -> NewYear:
    """Write rules/r8 and members/r8 from those of the old year; all of them, or nothing.

    Raises `InputError` where the new year has files already, the old one has none or cannot be
    computed; `OutputError` where the disk forbids it.
    """
    _refuse(root, old, new)
    from_old = carried(root, old, new)
    files, told = _made(root, from_old, old, new)
    folders = [f"{kind}/{new.code}" for kind in _KINDS]
    with staged(root, folders) as made:
        for name, data in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(data)
        with borrowed(root, made):
            problems = examine(workspace.load(made, new)).problems
    todo = tuple(problem for problem in problems if problem.level is Level.ERROR)
    return NewYear(files=tuple(files), told=told, todo=todo, later=from_old.later)


def _refuse(root: Path, old: FiscalYear, new: FiscalYear) -> None:
    folders = [root / kind / new.code for kind in _KINDS]
    there = [path for folder in folders for path in _content(folder)]
    if there:
        raise InputError((_exists(there[0].relative_to(root).as_posix(), len(there), new),))
    if not workspace.rule_texts(root, old, Findings()):
        raise InputError((_nothing(root, old, new),))


def _content(folder: Path) -> list[Path]:
    if folder.is_dir():
        return sorted(folder.iterdir())
    return [folder] if folder.exists() else []


def _made(
    root: Path, from_old: Carried, old: FiscalYear, new: FiscalYear
) -> tuple[Files, tuple[str, ...]]:
    """Every file of the new year by its path, and what changed in it by itself."""
    members = _opened(root, old)
    moved = next_roster(members.roster, members.directory.by_code, old, new)
    amounts, told = next_figures(members.figures, from_old.adjustments, old)
    step = YearStep(
        old=old, new=new, ended=_gone(members.directory, old, new), same_members=moved.same
    )
    files = {
        **{f"members/{new.code}/{name}": data for name, data in from_old.files.items()},
        **_edited(root, members.roster, moved.changes, step),
        **_edited(root, members.figures, amounts, step),
        **dict(_rules(root, step)),
    }
    return dict(sorted(files.items())), (*from_old.told, *moved.told, *told)


def _opened(root: Path, old: FiscalYear) -> _Members:
    findings = Findings()
    bodies = open_table(root, register.FORM, old, findings)
    directory = register.read(bodies) if bodies else None
    lists = open_table(root, roster.FORM, old, findings)
    numbers = open_table(root, figures.FORM, old, findings)
    if directory is None or lists is None or numbers is None:
        raise InputError(findings.problems)
    return _Members(directory, lists, numbers)


def _gone(directory: Directory, old: FiscalYear, new: FiscalYear) -> frozenset[str]:
    """Names that no body bears any more in the new year."""
    left = ended(directory.by_code, old, new)
    kept = {member.name for code, member in directory.by_code.items() if code not in left}
    return frozenset(member.name for member in left.values()) - kept


def _edited(root: Path, table: Table, changes: Changes, step: YearStep) -> Files:
    path = root / table.grid.file
    name = f"members/{step.new.code}/{path.name}"
    return {name: changed(path.suffix, path.read_bytes(), changes)}


def _rules(root: Path, step: YearStep) -> Iterator[tuple[str, bytes]]:
    for path, data in workspace.rule_texts(root, step.old, Findings()).items():
        yield f"rules/{step.new.code}/{Path(path).name}", next_rules(path, data, step)
    names = root / "rules" / step.old.code / _NAMES
    if names.is_file():
        yield f"rules/{step.new.code}/{_NAMES}", names.read_bytes()


def _exists(first: str, count: int, new: FiscalYear) -> Problem:
    more = f" など {count} 件" if count > 1 else ""
    return tell("W831", Source(file=first), year=new.label, first=first, more=more, code=new.code)


def _nothing(root: Path, old: FiscalYear, new: FiscalYear) -> Problem:
    known = [year.code for year in years(root) if year < new]
    return tell(
        "W832.from" if known else "W832",
        Source(file=f"rules/{old.code}"),
        old=old.label,
        year=new.label,
        known="、".join(year.code for year in years(root)) or "なし",
        code=new.code,
        last=known[-1] if known else None,
    )
