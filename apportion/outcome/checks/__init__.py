"""Checks across files: a list of small functions, each yielding what it finds wrong."""

from collections.abc import Callable, Iterator

from apportion.allocate.arith import has_sum, names_in
from apportion.core.problem import Problem, Source
from apportion.core.text import name_key
from apportion.outcome.checks.bills import (
    complete,
    difference_beside_rest,
    due_in_year,
    issued_again_later,
    issued_in_time,
    registered,
    seal,
    unknown_holidays,
    whole_tax,
)
from apportion.outcome.checks.texts import (
    balances_have_a_project,
    drawings_are_there,
    endless_groups,
    examples,
    forgotten_adjustments,
    undecided,
)
from apportion.outcome.settled import FINAL
from apportion.outcome.workspace import Workspace
from apportion.rules.book import COMMON, Bind, RuleFile, stem
from apportion.rules.nodes import EQUAL, Name, Stage

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
                fix="中身を確かめてから、次の行に直してください: "
                f"{file.year_source.mended(workspace.year.label)}",
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
                    fix="見出しの下か、ファイルの先頭に、根拠の行を足してください。例: 根拠: 協議会会則第○条",
                )


def one_meaning_a_name(workspace: Workspace) -> Iterator[Problem]:
    """X as a figure and X割 as a ■: two things under one name."""
    figures = (
        {stem(column.name) for column in workspace.tables.figures} if workspace.tables else set()
    )
    for file in workspace.book.files:
        bound = {stem(bind.alias.text) for bind in _binds(file)}
        for name in _block_names(file):
            if stem(name.text) in figures | bound:
                yield Problem(
                    code="W425",
                    source=name.source,
                    what=f"「{name.text}」という名前が、基礎数値と■の二つの意味になっています。",
                    why=f"「{stem(name.text)}」と「{stem(name.text)}割」は同じものを指すので、"
                    "どちらを使うかが決まりません。",
                    fix=f"■の名前を変えてください。例: {name.source.mended(f'独自の{name.text}')}",
                )


def unused_amounts(workspace: Workspace) -> Iterator[Problem]:
    """A yen column of the budget that no rule takes off or counts."""
    if workspace.tables is None:
        return
    named = {name_key(text) for file in workspace.book.files for text in _amounts_named(file)}
    told: set[str] = set()
    for line in workspace.tables.budget:
        for heading in line.columns:
            key = name_key(heading)
            if key in named | told or "補正" in key or _is_final(key):
                continue
            told.add(key)
            yield Problem(
                code="W435",
                source=line.cells.get(heading, line.source),
                what=f"予算の「{heading}」という金額の列は、どの規則にも使われていません。",
                why="「差し引く」か「対象」に書いた列だけが計算に入ります。",
                fix=f"計算に入れるときは、■経費に次の行を足してください: 差し引く: {heading}",
            )


def _is_final(key: str) -> bool:
    """決算額, and 特定財源 決算 beside 特定財源: only `settle` uses them."""
    return key == FINAL or key.endswith("決算")


def _amounts_named(file: RuleFile) -> Iterator[str]:
    for expense in file.expenses:
        yield from (deduct.name.text for deduct in expense.deducts)
        if expense.base is not None:
            yield from (name.text for name in names_in(expense.base))


def _binds(file: RuleFile) -> Iterator[Bind]:
    yield from file.head.binds
    for expense in file.expenses:
        yield from expense.own.binds


def mixed_measures(workspace: Workspace) -> Iterator[Problem]:
    """A ■基準 that adds 均等割 to raw figures: one and a number of people."""
    for file in workspace.book.files:
        for basis in file.bases:
            names = {stem(name.text) for name in names_in(basis.formula)}
            if stem(EQUAL) in names and len(names) > 1 and not has_sum(basis.formula):
                yield Problem(
                    code="W427",
                    source=basis.source,
                    what=f"基準「{basis.name.text}」の式で、均等割と基礎数値をそのまま足しています。",
                    why="均等割の値は1、人口などの値は何万という数なので、割合の意味になりません。",
                    fix="割合は「負担割合」に書いてください。例: 負担割合: 均等割 20% + 人口割 80%。"
                    "式で書くときは「人口 ÷ 人口の計」のように割ります。",
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
    undecided,
    year_of_folder,
    one_file_a_project,
    one_block_a_name,
    one_meaning_a_name,
    endless_groups,
    not_yet,
    legal_basis,
    difference_beside_rest,
    unknown_holidays,
    due_in_year,
    mixed_measures,
    unused_amounts,
    forgotten_adjustments,
    balances_have_a_project,
    drawings_are_there,
    registered,
    whole_tax,
    seal,
    complete,
    examples,
    issued_in_time,
    issued_again_later,
)


def check(workspace: Workspace) -> tuple[Problem, ...]:
    """Everything that these checks find, in order."""
    return tuple(problem for step in CHECKS for problem in step(workspace))


def _block_names(file: RuleFile) -> Iterator[Name]:
    for blocks in (file.bases, file.tiers, file.coefficients, file.groups):
        yield from (block.name for block in blocks)
