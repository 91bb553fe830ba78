"""Every message code has the smallest input that gives it, its exact words, and a help page.

A folder `tests/errors/W209/` (or, where a code has several faces, `tests/errors/W209/1_…/`) holds
the files that differ from `tests/errors/base/`, `delete.txt` with the files of the base that are
missing, and `expected.txt`: all that `apportion check` says. `pytest --accept` writes it anew.
"""

import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

from apportion.catalogue import LEVELS, SUBJECTS, TITLES
from apportion.cli.messages import in_order
from apportion.computation import examine
from apportion.problem import Level, Problem
from apportion.workspace import load
from apportion.year import FiscalYear
from tests import error_books
from tests.program import apportion

ERRORS = Path(__file__).parent / "errors"
BASE = ERRORS / "base"
PAGES = files("apportion") / "help"
R7 = FiscalYear(2025)
NOT_INPUT = {"expected.txt", "delete.txt"}

# Codes that checking an input cannot give, and the test that shows them.
ELSEWHERE = {
    "W248": "tests.test_fmt:test_check_names_the_file_and_its_first_line_and_writes_nothing",
    "W249": "tests.test_fmt:test_a_cp932_file_becomes_utf_8",
    "W601": "tests.test_verify:test_one_yen_in_one_invoice_is_named_with_its_cell",
    "W602": "tests.test_verify:test_text_that_is_changed_missing_or_added_is_named",
    "W603": "tests.test_verify:test_text_that_is_changed_missing_or_added_is_named",
    "W604": "tests.test_verify:test_text_that_is_changed_missing_or_added_is_named",
    "W605": "tests.test_verify:test_a_budget_that_changed_later_is_named_with_its_cell",
    "W606": "tests.test_verify:test_a_yen_moved_consistently_in_all_files_is_found_by_computing_again",
    "W611": "tests.test_verify:test_inputs_that_changed_later_are_a_warning",
    "W901": "tests.test_cli:test_one_project_is_only_printed",
    "W902": "tests.test_explain:test_unknown_names_are_told_with_the_near_one",
    "W903": "tests.test_explain:test_unknown_names_are_told_with_the_near_one",
    "W910": "tests.unit.starter.test_starter_init:test_nothing_is_overwritten",
    "W911": "tests.unit.starter.test_starter_init:test_a_file_is_no_folder",
}

# Cases whose mistake cannot stand alone: what else it gives, and why.
COMPANIONS: dict[str, set[str]] = {
    "W402/2_near": {"W401"},  # a name typed wrong is missed on one side, unknown on the other
    "W404/2_near": {"W403"},  # the same
}


def cases() -> Iterator[str]:
    """`W209`, or `W104/1_xls` and so on where a code has several cases."""
    for folder in sorted(path for path in ERRORS.iterdir() if path != BASE):
        faces = sorted(path for path in folder.iterdir() if re.match(r"\d", path.name))
        yield from (path.relative_to(ERRORS).as_posix() for path in faces or [folder])


def workspace(case: str, root: Path) -> Path:
    """The base with the files of `case` laid over it."""
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    folder = ERRORS / case
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in NOT_INPUT:
            target = root / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    for name, make in error_books.FILES.get(case, {}).items():
        (root / name).write_bytes(make())
    if (folder / "delete.txt").exists():
        for name in (folder / "delete.txt").read_text(encoding="utf-8").split():
            (root / name).unlink()
    return root


def found(case: str, root: Path) -> tuple[Problem, ...]:
    return examine(load(workspace(case, root), R7)).problems


def test_the_base_is_sound(tmp_path: Path) -> None:
    assert examine(load(shutil.copytree(BASE, tmp_path / "base"), R7)).problems == ()


@pytest.mark.parametrize("case", [*cases()])
def test_a_mistake_gives_exactly_its_message(
    case: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    problems = found(case, tmp_path)
    code = case.partition("/")[0]
    assert {p.code for p in problems} == {code} | COMPANIONS.get(case, set())
    said, expected = in_order(problems) + "\n", ERRORS / case / "expected.txt"
    if request.config.getoption("--accept"):
        expected.write_bytes(said.encode())
    assert said == expected.read_text(encoding="utf-8")
    said.encode("cp932")
    for problem in problems:
        assert problem.source.place(), problem
        assert problem.what.endswith("。"), problem
        assert problem.level is not Level.ERROR or (problem.why and problem.fix), problem


def test_every_code_has_a_case() -> None:
    folders = {case.partition("/")[0] for case in cases()}
    assert folders | ELSEWHERE.keys() == TITLES.keys()
    assert not folders & ELSEWHERE.keys()


@pytest.mark.parametrize("code", ELSEWHERE)
def test_what_is_shown_elsewhere_is_shown_there(code: str) -> None:
    module, name = ELSEWHERE[code].split(":")
    assert callable(getattr(import_module(module), name))
    assert code in Path(import_module(module).__file__ or "").read_text(encoding="utf-8")


def test_every_case_has_words_and_only_files_that_differ() -> None:
    for case in cases():
        assert (ERRORS / case / "expected.txt").is_file(), case
        for path in (ERRORS / case).rglob("*"):
            original = BASE / path.relative_to(ERRORS / case)
            assert not original.is_file() or original.read_bytes() != path.read_bytes(), path
    assert error_books.FILES.keys() <= set(cases())


def test_every_code_has_a_page_with_its_title() -> None:
    assert {path.name for path in PAGES.iterdir()} == {f"{code}.txt" for code in TITLES}
    for code, title in TITLES.items():
        data = (PAGES / f"{code}.txt").read_bytes()
        lines = data.decode("utf-8").splitlines()
        assert lines[0] == title, code
        assert 10 <= len(lines) <= 25, (code, len(lines))
        assert b"\r" not in data, code
        assert data.endswith(b"\n"), code
        data.decode("utf-8").encode("cp932")


def test_help_prints_the_page_of_a_code_in_any_width() -> None:
    expected = f"エラー W209: {(PAGES / 'W209.txt').read_text(encoding='utf-8')}"
    for typed in ("W209", "w209", "Ｗ２０９"):
        assert apportion("help", typed).stdout == expected


def test_help_without_a_code_lists_all() -> None:
    done = apportion("help")
    assert done.code == 0
    assert all(f"{code}  {Level[LEVELS[code]].value}" in done.stdout for code in TITLES)
    assert all(title in done.stdout for title in (*TITLES.values(), *SUBJECTS.values()))
    assert {code[:2] for code in TITLES} == SUBJECTS.keys()


def test_an_unknown_code_is_answered_with_the_near_one() -> None:
    done = apportion("help", "W2O9")
    assert done.code == 2
    assert "「W2O9」というコードはありません" in done.stderr
    assert "W209 割合の合計が100%でない" in done.stderr
    assert "apportion help" in apportion("help", "割合").stderr
