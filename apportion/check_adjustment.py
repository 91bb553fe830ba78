"""前年度精算額 among the figures: what the 精算 of last year left must come into a rule."""

from collections.abc import Iterator

from apportion.model import FigureColumn
from apportion.problem import Problem
from apportion.rulebook import RuleFile
from apportion.rulebook.book import stem
from apportion.text import name_key
from apportion.workspace import Workspace

ADJUSTMENT = "前年度精算額"
"""Name of the column that `settle` writes, alone or before the name of a 事業."""


def line_of(name: str) -> str:
    """The line of a rule that adds what was left."""
    return f"団体別加減: {name}を足す"


def reminder(heading: str) -> Iterator[str]:
    """Which line makes a column 前年度精算額 count; nothing for other headings."""
    if heading.startswith(ADJUSTMENT):
        name = heading.partition("（")[0]
        yield f"その事業の■経費の一つに、次の行がなければ足してください: {line_of(name)}"


def forgotten_adjustments(workspace: Workspace) -> Iterator[Problem]:
    """A column 前年度精算額 with something in it that no 団体別加減 takes."""
    if workspace.tables is None or workspace.book.unread:
        return
    taken = {name for file in workspace.book.files for name in _taken(file)}
    for column in workspace.tables.figures:
        left = name_key(column.name).startswith(ADJUSTMENT) and any(column.values.values())
        if left and stem(column.name) not in taken:
            yield _forgotten(column, workspace)


def _taken(file: RuleFile) -> Iterator[str]:
    """Stems of the figures that 団体別加減 takes, also under a name that 基礎数値 gives them."""
    binds = [*file.head.binds, *(bind for e in file.expenses for bind in e.own.binds)]
    headings = {stem(bind.alias.text): stem(bind.heading.text) for bind in binds}
    for expense in file.expenses:
        for adjust in expense.adjusts:
            name = stem(adjust.figure.text)
            yield headings.get(name, name)


def _forgotten(column: FigureColumn, workspace: Workspace) -> Problem:
    project = name_key(column.name).removeprefix(ADJUSTMENT).strip()
    file = workspace.book.by_project.get(project)
    where = f"{file.source.file} の" if file else "その額を調整する事業の"
    return Problem(
        code="W833",
        source=column.source,
        what=f"基礎数値の「{column.name}」は、どの規則にも使われていません。",
        why="前の年度の精算で「翌年度で調整」とした額が、この年度の負担金に入っていません。",
        fix=f"{where}■経費の一つに、次の行を足してください: {line_of(column.name)}",
    )
