"""A Windows console shows only what cp932 has: whatever the program says, it can show."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import apportion
from apportion.catalogue import TITLES
from apportion.cli import COMMANDS, app, guarded
from tests.properties import council

PACKAGE = Path(apportion.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Signs that these modules look for in what others wrote; nobody is shown them.
LOOKED_FOR = {"text.py", "init.py"}

# How each command is tried; {dir} is a council, {new} a place where nothing is.
TRIED: dict[str, tuple[str, ...]] = {
    "init": ("init {new}",),
    "run": ("run --year r7 --dir {dir}", "run --year r7 --dir {dir} --only 予約"),
    "check": ("check --year r7 --dir {dir}", "check --year r7 --dir {dir} --json"),
    "verify": ("verify {dir}/outputs/r7 --dir {dir}",),
    "explain": ("explain --year r7 --member あおば市 --dir {dir}",),
    "fmt": ("fmt --check --dir {dir}", "fmt --dir {dir}"),
    "show": tuple(
        f"show {what} --year r7 --dir {{dir}}" for what in ("rules", "roster", "figures")
    ),
    "export": ("export rules --year r7 --dir {dir}",),
    "help": ("help", *(f"help {code}" for code in TITLES)),
}


@pytest.fixture(name="places", scope="module")
def fixture_places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        "dir": council.write(tmp_path_factory.mktemp("council")),
        "new": tmp_path_factory.mktemp("new") / "begun",
    }


def said(words: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert guarded(lambda: app(words, standalone_mode=False)) == code
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_every_command_is_tried() -> None:
    assert TRIED.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", TRIED)
def test_what_a_command_says(
    command: str, places: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for line in (f"{command} --help", *TRIED[command]):
        words = [word.format(**places) for word in line.split()]
        told = said(words, capsys, code=int("--check" in words))
        assert told
        told.encode("cp932")


@pytest.mark.parametrize("name", council.FILES)
def test_what_is_said_of_a_broken_file(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = council.write(tmp_path)
    (root / name).write_bytes(council.FILES[name][:20].encode())
    told = said(["check", "--year", "r7", "--dir", str(root)], capsys, code=1)
    assert "エラー W" in told
    told.encode("cp932")


def literals(path: Path) -> Iterator[str]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in described:
            yield node.value if isinstance(node.value, str) else ""


def test_every_text_in_the_program() -> None:
    texts = [text for path in FILES if path.name not in LOOKED_FOR for text in literals(path)]
    assert len(texts) > 5000
    for text in texts:
        text.encode("cp932")
