"""Imports go one way, the pure parts stay pure, and nothing grows too large."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apportion

ROOT = Path(apportion.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

ROOMS = (
    *("core", "rules", "tables", "forms", "allocate", "outcome", "explain", "why"),
    *("workbook", "outputs", "imports", "years", "pipeline", "cli", "page"),
)
"""The house in its order: a room imports only from itself and from those before it."""

LEAVES = ("imports", "years.begin", "years.bridge")
"""Rooms that only the command line enters."""

PURE = (
    *("core", "rules", "allocate", "explain"),
    *("outcome.outcome", "outcome.reconcile"),
)
"""What touches no file and no clock."""
NOT_IN_PURE = {
    *("pathlib", "os", "io", "open", "importlib", "openpyxl", "pandas", "xlsxwriter", "time"),
}
MAY = {
    "outcome.outcome": "`to_frame` gives a table of pandas",
    "core.catalogue": "the texts of the messages are files of the package; no other file is read",
}
"""Pure modules that take something of it all the same, and why."""
WRITERS = {
    "outputs.stage": "moves folders to their places, and what was there to 履歴",
    "page.desk": "an unpacked zip, below the folder that lies in the browser's memory",
}
"""Who may replace, move or take away what stands in a folder of the user."""
STAGED = {
    **dict.fromkeys(("pipeline", "outputs.render", "workbook.letters.collected"), "outputs"),
    **dict.fromkeys(("years.issues.seal", "years.issues.withdraw", "years.bridge"), "outputs"),
    **dict.fromkeys(("years.issues.decide", "years.rename"), "the inputs of a copy of a workspace"),
    "outputs.publish": "tables and single files that are changed, and their former ones",
    "outputs.taken": "tables that are taken back",
    **dict.fromkeys(("years.begin.starter", "years.begin.new_year"), "a workspace"),
    "outputs.lock": "its own file in the workspace, while it is held",
    "page.build": "the built page, and the parts that are fetched for it",
    "outputs.anew": "a folder of the system's own",
    "outputs.office": "the PDFs and archives of a stage, and a folder of the system's own",
}
"""Who writes into a stage only, which nobody else has, and takes away what it put there."""
WRITING = {
    *("rename", "renames", "rmtree", "unlink", "rmdir", "remove", "removedirs", "move"),
    *("write_bytes", "write_text", "symlink_to", "hardlink_to", "link_to", "truncate"),
    *("copyfile", "copy2", "copytree", "copymode", "chmod", "touch", "mkdir", "makedirs"),
}
MODE = re.compile(r"'[rbt]*[wxa+][rbt+]*'")
HEAVY = {"numpy", "pandas", "openpyxl", "xlsxwriter", "python_calamine"}


def dotted(path: Path) -> str:
    """`allocate.parts` for apportion/allocate/parts.py, `rules` for apportion/rules/__init__.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(name: str, place: str) -> bool:
    """Whether a module or name lies in a place: `years.begin.members` in `years.begin`."""
    return f"{name}.".startswith(f"{place}.")


def imports(path: Path, *, top: bool = False) -> Iterator[str]:
    """Dotted names that a module imports (`top`: only when it is itself imported)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes: Iterator[ast.AST] = iter(tree.body) if top else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows() -> Iterator[tuple[str, str]]:
    """Every import of the package by itself: the module, and the dotted name it takes."""
    for path in MODULES:
        here = dotted(path)
        if here in {"", "__main__"}:
            continue
        for name in imports(path):
            package, _, there = name.partition(".")
            if package == "apportion":
                yield here, there


def test_arrows_go_one_way() -> None:
    taken = list(arrows())
    wrong = [
        f"{here} -> {there}"
        for here, there in taken
        if ROOMS.index(there.split(".")[0]) > ROOMS.index(here.split(".")[0])
    ]
    assert not wrong
    assert len(taken) > 100


def test_no_module_imports_itself_through_others() -> None:
    """No circle: what a module needs can be read to the end before the module."""
    known = {dotted(path) for path in MODULES}
    needs: dict[str, set[str]] = {name: set() for name in known}
    for here, there in arrows():
        target = there if there in known else there.rpartition(".")[0]
        if target != here:
            needs[here].add(target)
    while ready := {name for name, targets in needs.items() if not targets & set(needs)}:
        needs = {name: targets for name, targets in needs.items() if name not in ready}
    assert not needs


def test_only_the_doors_enter_the_leaves() -> None:
    seen = 0
    for here, there in arrows():
        for leaf in LEAVES:
            if within(there, leaf) and not within(here, leaf):
                seen += 1
                assert within(here, "cli") or within(here, "page"), f"{here} -> {there}"
    assert seen > 2  # each leaf is entered


def test_pure_parts_touch_no_file_and_no_clock() -> None:
    checked = [p for p in MODULES if any(within(dotted(p), place) for place in PURE)]
    assert len(checked) > 20
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in checked
        for name in imports(path)
        if name.split(".")[0] in NOT_IN_PURE and dotted(path) not in MAY
    ]
    assert not wrong


def test_heavy_packages_load_only_when_needed() -> None:
    lazy = {"frame.py", "vector.py"}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        if path.name not in lazy and not within(dotted(path), "workbook")
        for name in imports(path, top=True)
        if name.split(".")[0] in HEAVY
    ]
    assert not wrong


def test_the_screen_appears_before_the_engine_is_loaded() -> None:
    """`--help` and a mistyped option wait for the words of everybody and for no other room."""
    program = "import sys, apportion.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = [name for name in done.stdout.split() if within(name, "apportion")]
    rooms = {name.split(".")[1] for name in loaded if "." in name}
    assert rooms == {"core", "cli"}


def test_a_class_name_stands_for_one_class() -> None:
    """Whoever reads `Row` need not ask which one."""
    places: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(dotted(path))
    assert len(places) > 100
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def writes(path: Path) -> Iterator[str]:
    """Calls by which a module changes files; `replace` of one argument is that of a path."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name not in {*WRITING, "replace", "open"}:
                continue
            words = [ast.unparse(word) for word in node.args]
            path_moved = name == "replace" and len(words) == 1 and not node.keywords
            opened = name == "open" and any(MODE.fullmatch(word) for word in words)
            if name in WRITING or path_moved or opened:
                yield f"{ast.unparse(node.func)}({', '.join(words)})"


def test_only_who_keeps_the_former_ones_changes_files_of_a_user() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {call}"
        for path in MODULES
        if dotted(path) not in {**WRITERS, **STAGED}
        for call in writes(path)
    ]
    assert not wrong
    assert all(list(writes(path)) for path in MODULES if dotted(path) in {**WRITERS, **STAGED})


def test_who_writes_into_a_stage_moves_nothing() -> None:
    moving = ("rename", "rmdir", "move", "replace")
    wrong = [
        f"{path.relative_to(ROOT)}: {call}"
        for path in MODULES
        if dotted(path) in STAGED
        for call in writes(path)
        if call.partition("(")[0].rpartition(".")[2] in moving
    ]
    assert not wrong


def functions() -> Iterator[tuple[str, int]]:
    """Every function with the number of its lines, docstring left out."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                first = node.body[0]
                documented = ast.get_docstring(node) is not None
                doc = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
                lines = (node.end_lineno or 0) - node.lineno + 1 - doc
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines


def test_functions_and_modules_stay_small() -> None:
    lengths = dict(functions())
    assert statistics.median(lengths.values()) < 10
    assert {name: lines for name, lines in lengths.items() if lines > 30} == {}
    sizes = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in MODULES}
    assert statistics.median(sizes.values()) < 250
    assert {name: lines for name, lines in sizes.items() if lines > 500} == {}


MEASURED = re.compile(r"(?i)width|height|high|sizes|_em\b")


def test_widths_and_heights_are_added_up_the_same_by_every_python() -> None:
    """From 3.12 on `sum` of floats gives other last digits, and a row one line more; `fsum` is exact."""
    calls = [
        (f"{path.relative_to(ROOT)}: {ast.unparse(node)}", node.func.id)
        for path in MODULES
        if within(dotted(path), "workbook")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"sum", "fsum"}
        and MEASURED.search(ast.unparse(node))
    ]
    assert len(calls) > 30
    assert [call for call, name in calls if name == "sum"] == []
