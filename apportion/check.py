"""Checks across files: a list of small functions, each yielding what it finds wrong."""

from collections.abc import Callable, Iterator

from apportion.problem import Problem, Source
from apportion.rulebook import COMMON, Name, RuleFile, Stage
from apportion.rulebook.book import stem
from apportion.text import name_key
from apportion.workspace import Workspace

Check = Callable[[Workspace], Iterator[Problem]]


def year_of_folder(workspace: Workspace) -> Iterator[Problem]:
    """A rule file copied from another year."""
    for file in workspace.book.files:
        if file.year != workspace.year.code:
            yield Problem(
                code="W421",
                source=file.year_source,
                what=f"年度が、フォルダーの年度（{workspace.year.label}）と違います。",
                why="別の年度のファイルを写したままになっています。率や日付も前のままかもしれません。",
                fix=f"年度: {workspace.year.label}",
            )


def one_file_a_project(workspace: Workspace) -> Iterator[Problem]:
    """Two files for one 事業."""
    first: dict[str, RuleFile] = {}
    for file in workspace.book.files:
        if file.project.text == COMMON:
            continue
        other = first.setdefault(name_key(file.project.text), file)
        if other is not file:
            yield Problem(
                code="W422",
                source=file.project.source,
                what=f"「{file.project.text}」の規則ファイルが二つあります。",
                why=f"もう一つは {other.source.file} です。",
                fix="一つにまとめて、もう一つをこのフォルダーの外へ移してください。",
            )


def one_block_a_name(workspace: Workspace) -> Iterator[Problem]:
    """The same ■ name in two files: which one holds would depend on reading order."""
    first: dict[str, tuple[RuleFile, Name]] = {}
    for file in workspace.book.files:
        for name in _block_names(file):
            other, _ = first.setdefault(stem(name.text), (file, name))
            if other is not file:
                yield Problem(
                    code="W423",
                    source=name.source,
                    what=f"「{name.text}」という■が二つのファイルにあります。",
                    why=f"もう一つは {other.source.file} にあります。",
                    fix="片方を消すか、名前を変えてください。どのファイルでも使うものは共通のファイルに置きます。",
                )


def legal_basis(workspace: Workspace) -> Iterator[Problem]:
    """A 経費 whose rule names no 根拠 anywhere."""
    for file in workspace.book.files:
        scope = workspace.book.scope(file)
        for expense in file.expenses:
            if not scope.legal(expense):
                yield Problem(
                    code="W431",
                    source=expense.source,
                    what="根拠が書いてありません。",
                    why="団体の会計担当者と監査が、どの条文による負担かを確かめるために使います。",
                    fix="根拠: 協議会会則第○条",
                )


def not_yet(workspace: Workspace) -> Iterator[Problem]:
    """What the language reads and the engine cannot compute yet: refused, never passed over."""
    for file in workspace.book.files:
        for rounding in (file.head.rounding, *(e.own.rounding for e in file.expenses)):
            if rounding is not None and rounding.stage is Stage.PROJECT:
                yield _refused(rounding.source, "「事業ごと」の端数", "「経費ごと」")


def _refused(source: Source, what: str, instead: str) -> Problem:
    return Problem(
        code="W531",
        source=source,
        what=f"{what}は、この版ではまだ計算できません。",
        why="読み飛ばすと金額が違ってしまうため、計算を止めます。",
        fix=f"{instead}で書いてください。",
    )


CHECKS: tuple[Check, ...] = (
    year_of_folder,
    one_file_a_project,
    one_block_a_name,
    not_yet,
    legal_basis,
)


def check(workspace: Workspace) -> tuple[Problem, ...]:
    """Everything that these checks find, in order."""
    return tuple(problem for step in CHECKS for problem in step(workspace))


def _block_names(file: RuleFile) -> Iterator[Name]:
    for blocks in (file.bases, file.tiers, file.coefficients, file.groups):
        yield from (block.name for block in blocks)
