"""The driver of mutants makes wrong lines that are noticed, and what is argued is still there."""

import ast
from pathlib import Path

import pytest

from tests import mutants


def test_what_is_argued_is_a_mutant_with_a_reason() -> None:
    argued = mutants.argued()
    there = {mutant.key for mutant in mutants.chosen(10**6)}
    assert argued.keys() <= there
    assert all(argued.values())


def test_every_mutant_can_be_loaded_and_is_another_program() -> None:
    for mutant in mutants.chosen(200):
        sound = (mutants.ROOT / "apportion" / mutant.file).read_bytes()
        wrong = sound[: mutant.start] + mutant.new.encode() + sound[mutant.end :]
        assert ast.dump(ast.parse(wrong)) != ast.dump(ast.parse(sound)), mutant.key


def test_a_choice_is_part_of_a_larger_one() -> None:
    assert mutants.chosen(50) == mutants.chosen(120)[:50]
    assert {mutant.file for mutant in mutants.chosen(9, "allocate/bounds")} == {
        "allocate/bounds.py"
    }


def test_a_wrong_line_is_noticed_and_one_without_effect_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "ROOMS", {"allocate": "unit/allocate"})
    found = {mutant.key: mutant for mutant in mutants.mutants("allocate/rounding.py")}
    tree = mutants.copied(tmp_path)
    (harmless,) = (
        key for key in mutants.argued() if key.startswith("allocate/rounding.py | _grants")
    )
    assert mutants.survives(found[harmless], tree)
    assert not mutants.survives(found["allocate/rounding.py | _grants | not left | left"], tree)
