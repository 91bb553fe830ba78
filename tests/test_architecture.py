"""Imports go one way, the pure parts stay pure, and nothing grows too large."""

import ast
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

import apportion

ROOT = Path(apportion.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

# A module may import from its own layer's package and from earlier layers only. A module of a
# package may stand in an earlier layer than its package.
LAYERS = (
    {"text", "catalogue", "problem", "near", "findings", "year", "case_name", "model", "rulebook"},
    {"language", "tables", "allocate"},
    {"settled"},
    {"outcome"},
    {
        *("reconcile", "explain", "ledger", "compare", "datafiles", "frame", "picture", "receipts"),
        "yearly.seal_record",
    },
    {
        "stationery",
        "workspace",
        "issued",
        "supplementary",
        "charging",
        "merger",
        "midyear",
        "check",
        "check_dues",
        "check_adjustment",
        "check_examples",
        "check_groups",
        "check_invoice",
        "check_marks",
        "check_payments",
        "check_reserve",
        "assertions",
        "closing",
        "cautions",
        "workbook",
        "publish",
        "manifest",
        "rewriting",
        "office",
    },
    {"computation", "proof", "delivery", "recalculation", "fresh", "yearly.sealed"},
    {"yearly.later", "yearly.issued_terms"},
    {"yearly.reissue"},
    {"pipeline", "verification", "starter"},
    {"yearly"},
    {"cli"},
)
PURE = {
    "text",
    "year",
    "case_name",
    "model",
    "rulebook",
    "language",
    "allocate",
    "outcome",
    "reconcile",
    "explain",
}
NOT_IN_PURE = {"pathlib", "os", "io", "open", "openpyxl", "pandas", "xlsxwriter", "time"}
HEAVY = {"numpy", "pandas", "openpyxl", "xlsxwriter", "python_calamine"}


def part(path: Path) -> str:
    """`allocate` for apportion/allocate/parts.py, `cli` for apportion/cli.py."""
    return place(path.relative_to(ROOT).with_suffix("").parts)


def place(parts: Sequence[str]) -> str:
    """Entry of LAYERS for a dotted name below the package."""
    own = ".".join(parts[:2])
    return own if any(own in layer for layer in LAYERS) else parts[0]


def imports(path: Path, *, top: bool = False) -> Iterator[str]:
    """Dotted names that a module imports (`top`: only when it is itself imported)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes: Iterator[ast.AST] = iter(tree.body) if top else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_arrows_go_one_way() -> None:
    rank = {name: depth for depth, layer in enumerate(LAYERS) for name in layer}
    seen = 0
    wrong = []
    for path in MODULES:
        here = part(path)
        if here in {"__init__", "__main__"}:
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] != "apportion" or len(parts) < 2 or parts[1] == "__version__":
                continue
            seen += 1
            there = place(parts[1:])
            lazy = name == "apportion.frame.charges_frame"  # Outcome.to_frame, on demand
            if there != here and rank[there] >= rank[here] and not lazy and not base(here, there):
                wrong.append(f"{path.relative_to(ROOT)} -> {name}")
    assert not wrong
    assert seen > 100


def base(here: str, there: str) -> bool:
    """Base modules may use one another in the order listed here, top layers likewise."""
    order = [
        *("catalogue", "text", "problem", "near", "findings", "year", "case_name"),
        *("model", "rulebook"),
        *(
            "ledger",
            "explain",
            "datafiles",
            "frame",
            "reconcile",
            "stationery",
            "workspace",
            "supplementary",
            "charging",
            "midyear",
            "merger",
            "rewriting",
            "check_dues",
            "check_adjustment",
            "check_examples",
            "check_groups",
            "check_invoice",
            "check_marks",
            "check_reserve",
            "check",
            "closing",
            "assertions",
            "workbook",
        ),
    ]
    return here in order and there in order and order.index(there) < order.index(here)


def test_pure_parts_touch_no_file_and_no_clock() -> None:
    checked = [path for path in MODULES if part(path) in PURE]
    assert len(checked) > 20
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in checked
        for name in imports(path)
        if name.split(".")[0] in NOT_IN_PURE and path.name != "outcome.py"
    ]
    assert not wrong


def test_heavy_packages_load_only_when_needed() -> None:
    lazy = {"frame.py", "vector.py"}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        if path.name not in lazy and part(path) != "workbook"
        for name in imports(path, top=True)
        if name.split(".")[0] in HEAVY
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
    assert {name: lines for name, lines in sizes.items() if lines > 250} == {}
