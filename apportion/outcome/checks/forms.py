"""What is wrong with a template, before anything is computed from it."""

from collections.abc import Iterator

from apportion.core.model import Tables
from apportion.core.problem import Problem, tell
from apportion.core.text import name_key
from apportion.forms.check import Needs, expected, problems
from apportion.forms.files import FOLDER, FORMS, named, path_of
from apportion.outcome.workspace import Workspace


def check(workspace: Workspace, instalments: int) -> Iterator[Problem]:
    """Everything that is wrong with the templates that the rule files name.

    `instalments` is the largest number of 期 that a payer has: of bills, or after a 補正 of notices.
    """
    for kind, key in FORMS.items():
        needs = _needs(workspace, kind, instalments)
        told: set[str] = set()
        for line in named(workspace.book, key):
            path = path_of(line.text)
            if path is None or path not in workspace.attached:
                yield tell("W701", line.source, line=line.text, folder=FOLDER)
            elif path not in told:
                told.add(path)
                yield from problems(path, workspace.attached[path], needs)


def _needs(workspace: Workspace, kind: str, instalments: int) -> Needs:
    """What the papers of a kind need; of another kind than this outcome no row of 期."""
    book = workspace.book
    taxed = any(expense.taxed for file in book.files for expense in file.expenses)
    projects, ended = _projects(workspace.tables)
    parts = instalments if kind == ("変更" if workspace.edition else "") else 0
    fields = expected(book, kind, projects, parts)
    sealed = any(line.text == "画像" for line in named(book, "公印"))
    return Needs(projects, ended, parts, taxed and not kind, fields, sealed)


def _projects(tables: Tables | None) -> tuple[int, int]:
    """How many 事業 are charged, and whether there were others last year."""
    if tables is None:
        return 0, 0
    here = {name_key(line.project) for line in tables.charged}
    past = (tables.previous or {}).items()
    return len(here), int(any(paid.yen and key[1] not in here for key, paid in past))
