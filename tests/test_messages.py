"""What the code tells and what the pages of `apportion/help/` say fit together, fact by fact."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

import apportion
from apportion.core import catalogue
from apportion.core.problem import Level, Source, fault, tell

ROOT = Path(apportion.__file__).parent


class Call(NamedTuple):
    """One `tell(…)` or `fault(…)`: where it stands, what it may tell, and with which facts."""

    where: str
    names: tuple[str, ...]
    facts: frozenset[str]
    placed: bool


def names_of(node: ast.expr) -> Iterator[str]:
    """Messages that the first argument may name: one, or one of several by a condition."""
    if isinstance(node, ast.IfExp):
        yield from names_of(node.body)
        yield from names_of(node.orelse)
    else:
        assert isinstance(node, ast.Constant), ast.unparse(node)
        yield str(node.value)


def taken_from_core(tree: ast.Module) -> set[str]:
    """Which of the two a module imports."""
    return {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "apportion.core.problem"
        for alias in node.names
    } & {"tell", "fault"}


def calls() -> Iterator[Call]:
    """Every message of the package."""
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = taken_from_core(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in taken:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                told = tuple(names_of(node.args[0]))
                facts = frozenset(str(keyword.arg) for keyword in node.keywords)
                yield Call(where, told, facts, placed=node.func.id == "tell")


def wanted(name: str, *, placed: bool) -> set[str]:
    """Facts that a message must be given: those of its texts, `new` where the mended line stands."""
    texts = catalogue.texts(name)
    found = {str(field) for text in texts for _, field, _, _ in Formatter().parse(text) if field}
    if not placed:
        return found
    return {"new" if field == "mended" else field for field in found} - {"words"}


CALLS = tuple(calls())


def test_every_message_is_given_exactly_its_facts() -> None:
    assert len(CALLS) >= 250
    for call in CALLS:
        needs = [wanted(name, placed=call.placed) for name in call.names]
        assert set.union(*needs) == call.facts, call.where


def test_every_text_is_told_somewhere() -> None:
    there = {
        f"{code}.{name}" if name else code
        for code in catalogue.codes()
        for name in catalogue.entry(code).texts
    }
    assert there == {name for call in CALLS for name in call.names}


def test_nothing_makes_a_message_but_its_page() -> None:
    """A code in the source stands in a `tell` or a `fault`, or is asked for."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"Problem", "Fault"} or path.name == "problem.py", path


@pytest.mark.parametrize("code", catalogue.codes())
def test_every_page_has_level_title_and_texts(code: str) -> None:
    known = catalogue.entry(code)
    assert known.level in {level.value for level in Level}
    assert known.title
    assert known.texts
    for texts in known.texts.values():
        assert texts.what.endswith(("。", "}")), texts.what
        for text in texts:
            assert re.search(r"\s$", text) is None, text


def test_the_marked_words_and_the_mended_line_come_from_the_place() -> None:
    place = Source(file="20.txt", line=3, column=7, length=2, text="負担割合: 均当割")
    told = tell("W227", place, reason="", meant="均等", new="均等")
    assert told.what == "「均当」が読めません。"
    assert told.fix == "次の行に直してください: 負担割合: 均等割"
    assert told.level is Level.ERROR
    assert told.source is place


def test_a_text_of_several_leaves_out_what_is_as_in_the_plain_one() -> None:
    plain, near = catalogue.texts("W404"), catalogue.texts("W404.near")
    assert (near.what, near.why) == (plain.what, plain.why)
    assert near.fix != plain.fix


def test_a_fact_that_is_not_given_is_noticed() -> None:
    with pytest.raises(KeyError):
        fault("W404", name="会場費")
