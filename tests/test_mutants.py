"""The driver of mutants makes wrong lines that are noticed, and what is argued is still there."""

import ast
import os
import subprocess
import sys
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


ROUNDED = "tests/unit/allocate/test_rounding.py"


def test_a_wrong_line_is_noticed_and_one_without_effect_is_not(tmp_path: Path) -> None:
    found = {mutant.key: mutant for mutant in mutants.mutants("allocate/rounding.py")}
    tree = mutants.copied(tmp_path)
    (harmless,) = (
        key for key in mutants.argued() if key.startswith("allocate/rounding.py | _grants")
    )
    wrong = found["allocate/rounding.py | _grants | not left | left"]
    assert mutants.survives(found[harmless], tree, [ROUNDED])
    assert not mutants.survives(wrong, tree, [ROUNDED])
    assert mutants.survives(wrong, tree, [])


def test_a_test_that_fails_anyway_notices_nothing(tmp_path: Path) -> None:
    tree = mutants.copied(tmp_path)
    own = "tests/test_wrong.py::test_a"
    (tree / "tests/test_wrong.py").write_text("def test_a():\n    assert 1 == 2\n", "utf-8")
    with pytest.raises(AssertionError, match="test_wrong"):
        mutants.survives(mutants.chosen(1)[0], tree, [own])


def test_the_tests_of_a_line_are_those_that_ran_it(tmp_path: Path) -> None:
    tree = mutants.copied(tmp_path / "tree")
    command = ["-m", "pytest", "-q", "--cov", "--cov-context=test", "--cov-report=", ROUNDED]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    subprocess.run([sys.executable, *command], cwd=tree, env=environment, check=True)
    sound = mutants.mutants("allocate/rounding.py")
    (wrong,) = (one for one in sound if one.key.endswith("| _grants | not left | left"))
    found = mutants.Ran(tree).tests(wrong)
    assert {name.partition("::")[0] for name in found} == {ROUNDED}
    assert "::test_" in found[0]
