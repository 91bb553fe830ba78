"""What CONTRIBUTING.md names is there, in the room that it says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import apportion
from apportion.cli import COMMANDS
from tests.test_architecture import ROOMS

HERE = Path(apportion.__file__).parent
ROOT = HERE.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LAYOUT = PAGE[PAGE.index("## How the code is laid out") :]

WORDS = {"int", "Fraction", ".txt", "状態: 例", "ALL", "dev", "====", "--help", "init"}
"""Words of Python, of the files and of the tools: no names of ours."""
PROGRAMS = ("pytest", "python", "apportion ")


def _members(body: list[ast.stmt]) -> Iterator[str]:
    """Names that stand in a module or a class: own ones and those that it hands on."""
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield node.name
            yield from (f"{node.name}.{name}" for name in _members(node.body))
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _modules() -> Iterator[tuple[str, set[str]]]:
    for path in HERE.rglob("*.py"):
        parts = path.relative_to(HERE).with_suffix("").parts
        name = "/".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, set(_members(ast.parse(path.read_text(encoding="utf-8")).body))


MODULES = dict(_modules())


def modules(name: str, room: str = "") -> list[str]:
    """Modules with this path or end of a path: `read` and `rules/read` for rules/read/__init__."""
    name = name.removesuffix("/__init__")
    return [m for m in MODULES if f"/{m}".endswith(f"/{name}") and f"{m}/".startswith(room)]


def is_there(name: str, room: str = "") -> bool:
    """Whether a folder, a module (of a room), or a name in a module or class is there."""
    name = name.removesuffix("()")
    if name.endswith("/"):
        return any((folder / name).is_dir() for folder in (ROOT, HERE, HERE / room))
    if "." in name and (ROOT / name).exists():
        return True
    if modules(name.replace(".", "/"), room) or of_module(name):
        return True
    return any(name in found for module, found in MODULES.items() if f"{module}/".startswith(room))


def of_module(name: str) -> bool:
    """Whether `checks.check` is a name that stands in such a module."""
    return any(
        name[len(end) + 1 :] in MODULES[module]
        for end in _beginnings(name)
        for module in modules(end.replace(".", "/"))
    )


def _beginnings(name: str) -> Iterator[str]:
    """`rules`, `rules.read` for rules.read.read; an `apportion.` in front is the package."""
    parts = name.split(".")
    yield from (".".join(parts[:n]) for n in range(1, len(parts)))


def names(text: str) -> list[str]:
    """What stands in backticks and is a name of ours."""
    found = re.findall(r"`([^`\n]+)`", text)
    return [n for n in found if n not in WORDS and not n.startswith(PROGRAMS)]


def rows(heading: str) -> list[list[str]]:
    """Cells of the rows below a heading of a table."""
    table = PAGE[PAGE.index(heading) :].split("\n\n")[0]
    return [row.strip("| ").split(" | ") for row in table.splitlines()[2:]]


def test_the_rooms_hold_what_the_table_says() -> None:
    told = [(room.strip("`/"), text) for room, text in rows("| room | what stands there |")]
    assert [room for room, _ in told] == list(ROOMS)
    wrong = [
        f"{room}: {name}"
        for room, text in told
        for name in names(text)
        if not is_there(name, f"{room}/") and not name.startswith("apportion/")
    ]
    assert not wrong


def test_every_name_of_the_layout_is_there() -> None:
    found = names(LAYOUT[LAYOUT.index("Only the doors") :])  # the rooms are above
    assert len(found) > 80
    assert [name for name in found if not is_there(name) and not _elsewhere(name)] == []


def _elsewhere(name: str) -> bool:
    """A public name of the package, a command, or a file of the tests."""
    package, _, public = name.partition(".")
    return (
        (package == "apportion" and hasattr(apportion, public))
        or name.split(" --", maxsplit=1)[0] in COMMANDS
        or any(ROOT.glob(f"tests/**/{name}"))
    )


def test_the_way_of_a_charge_names_functions_of_modules() -> None:
    """`computation.compute` is a function of that module, not of some other one."""
    way = LAYOUT[LAYOUT.index("### How one") : LAYOUT.index("Names that are not")]
    found = [name for name in names(way) if "." in name or "/" in name]
    assert len(found) > 15
    classes = {name for own in MODULES.values() for name in own if name[0].isupper()}
    wrong = [n for n in found if not of_module(n) and n not in classes]
    assert not wrong


@pytest.mark.parametrize(
    "name",
    ["checks.chek", "rules/reed/", "tables/loading.FORM", "Payers.biled", "outputs/spell/phrases"],
)
def test_a_name_that_is_not_there_is_seen(name: str) -> None:
    assert not is_there(name)


@pytest.mark.parametrize("page", ["README.md", "README.ja.md", "CONTRIBUTING.md"])
def test_folders_and_files_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    told = re.findall(r"[`(]((?:tests|apportion|rules|members)/[^`()#\s]*\.?[^`()#\s]*)", text)
    listed = [path for path in told if (ROOT / path.split("/")[0]).is_dir()]
    assert len(listed) > 3
    there = [path for path in listed if (ROOT / path).exists() or is_there(path)]
    assert listed == there


def test_programs_that_are_named_are_there() -> None:
    started = re.findall(r"`python -m ([a-z.]+)", PAGE)
    assert started
    for name in started:
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()
