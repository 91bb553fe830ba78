"""Would a test notice a wrong line? Wrong lines are made, one at a time, and the tests of their room are run.

`python -m tests.mutants` tries 50 (seconds each, two at a time), `python -m tests.mutants 300` more,
`python -m tests.mutants 99999 allocate/bounds` all of a module. A mutant that no test notices ends it
with 1, unless `tests/mutants.txt` says why nobody could. Which are tried is decided by their own text:
a change elsewhere does not change the choice.
"""

import ast
import hashlib
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
ARGUED = ROOT / "tests/mutants.txt"
SECONDS = 200
"""Of a processor, after which a wrong line has made a loop without end: all tests of a room take 50."""

SETTLED = "test_settle.py test_settle_rules.py test_settle_years.py test_settle_figures.py"
ISSUES = """test_acts.py test_seal_order.py test_seal_verify.py test_supplementary.py test_carried.py
    test_settle_seal.py test_withdraw.py test_decide.py test_papers.py"""
ROOMS = {
    "allocate": f"""unit/allocate test_rules_done.py test_instalments.py unit/test_ledger.py
        test_midyear.py test_meaning.py {SETTLED} test_errors.py test_phrases.py test_national.py
        properties/test_rounding_properties.py test_explain.py""",
    "outcome": f"""test_errors.py test_instalments.py test_midyear.py unit/test_days.py test_meaning.py
        unit/test_datafiles.py test_payments.py
        {SETTLED} test_status.py test_marks.py {ISSUES} test_twelve_mistakes.py test_seal.py""",
    "rules/read": """unit/rules test_phrases.py test_errors.py test_rules_done.py test_instalments.py
        test_bounded.py test_language_page.py test_papers.py test_terms.py""",
    "years/issues": f"{ISSUES} test_status.py test_errors.py test_seal.py",
    "years/settle": f"{SETTLED} test_settle_files.py test_settle_seal.py test_errors.py",
}
"""The tests of each room, those that are soonest done first."""

_PAIRS = (
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.Eq, ast.NotEq),
    (ast.In, ast.NotIn),
    (ast.Is, ast.IsNot),
    (ast.And, ast.Or),
    (ast.Add, ast.Sub),
    (ast.Mult, ast.FloorDiv),
)
SWAPPED = dict(_PAIRS) | {right: left for left, right in _PAIRS}
_WORDS = (("min", "max"), ("any", "all"), ("True", "False"))
NAMES = dict(_WORDS) | {right: left for left, right in _WORDS}


class Mutant(NamedTuple):
    """One wrong line: in a file below apportion/, `new` from byte `start` to `end`."""

    file: str
    key: str
    new: str
    start: int
    end: int


def changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """What could be wrong here: an expression or a statement, and what stands there instead."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            yield node, _other(node, ops=[SWAPPED[type(op)]()])
        case ast.BoolOp(op=op) | ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in SWAPPED:
            yield node, _other(node, op=SWAPPED[type(op)]())
        case ast.Constant(value=value) if type(value) is int:
            yield node, str(value + 1)
        case ast.Constant() | ast.Name(ctx=ast.Load()) if ast.unparse(node) in NAMES:
            yield node, NAMES[ast.unparse(node)]
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.Continue():
            yield node, "pass"
        case ast.Return(value=ast.expr()):
            yield node, "return None"
        case _:
            yield from _decided(node)


def _decided(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """A question that is always, never or wrongly answered."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, ast.unparse(operand)
        case ast.IfExp(body=body, orelse=orelse):
            yield from ((node, ast.unparse(branch)) for branch in (body, orelse))
        case ast.If(test=test) | ast.While(test=test):
            yield from ((test, word) for word in ("True", "False"))
        case ast.comprehension(ifs=tests):
            yield from ((test, "True") for test in tests)


def _other(node: ast.AST, **fields: object) -> str:
    return ast.unparse(type(node)(**{**dict(ast.iter_fields(node)), **fields}))


def mutants(file: str) -> Iterator[Mutant]:
    """All of a file, in the order of its text."""
    source = (ROOT / "apportion" / file).read_bytes()
    starts = [0, *itertools.accumulate(map(len, source.splitlines(keepends=True)))]
    seen: Counter[str] = Counter()
    for function, node in _within(ast.parse(source), ""):
        for place, new in changes(node):
            if new == ast.unparse(place):  # while True
                continue
            old = ast.unparse(place).partition("\n")[0]
            key = " | ".join((file, function, old, new.partition("\n")[0]))
            seen[key] += 1
            start = starts[place.lineno - 1] + place.col_offset
            end = starts[(place.end_lineno or 0) - 1] + (place.end_col_offset or 0)
            text = f"({new})" if isinstance(place, ast.expr) else new
            yield Mutant(file, f"{key} #{seen[key]}" if seen[key] > 1 else key, text, start, end)


def _within(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    """What functions are made of, but for annotations, asserts and texts put together."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            for inner in node.body:
                yield from _within(inner, f"{function}.{node.name}".lstrip("."))
        case ast.AnnAssign(value=value):
            yield from _within(value, function) if value else ()
        case ast.Assert() | ast.JoinedStr() | ast.arguments():
            pass
        case _:
            if function:
                yield function, node
            for child in ast.iter_child_nodes(node):
                yield from _within(child, function)


def chosen(count: int, within: str = "") -> list[Mutant]:
    """So many of all: by the hash of their text, so that each stays when others come or go."""
    files = sorted({f for room in ROOMS for f in (ROOT / "apportion" / room).rglob("*.py")})
    names = [file.relative_to(ROOT / "apportion").as_posix() for file in files]
    found = [mutant for name in names if name.startswith(within) for mutant in mutants(name)]
    return sorted(found, key=lambda m: hashlib.sha256(m.key.encode()).digest())[:count]


def argued() -> dict[str, str]:
    """Of which mutants it is said why no test can notice them, and what is said."""
    parted = (line.partition("  -- ") for line in ARGUED.read_text("utf-8").splitlines())
    return {key: why for key, _, why in parted if why}


def copied(target: Path) -> Path:
    """The tree, to be made wrong."""
    for name in ("apportion", "tests", "rules", "members"):
        shutil.copytree(
            ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
        )
    for file in (file for file in ROOT.iterdir() if file.suffix in {".md", ".toml"}):
        shutil.copy(file, target)
    return target


_TIMES = itertools.count(2_000_000_000)
"""Each wrong file is of another time, so that no compiled one is taken for it."""


def survives(mutant: Mutant, tree: Path) -> bool:
    """Whether all tests of the room pass with the wrong line in this copy of the tree."""
    path = tree / "apportion" / mutant.file
    sound, when = path.read_bytes(), path.stat().st_mtime_ns
    path.write_bytes(sound[: mutant.start] + mutant.new.encode() + sound[mutant.end :])
    os.utime(path, (next(_TIMES),) * 2)
    try:
        return tests_pass(tree, next(r for r in ROOMS if mutant.file.startswith(f"{r}/")))
    finally:
        path.write_bytes(sound)
        os.utime(path, ns=(when, when))


def tests_pass(tree: Path, room: str) -> bool:
    """Whether all tests of a room pass in a tree."""
    files = [f"tests/{name}" for name in ROOMS[room].split()]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *files],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),
        check=False,
    )
    return done.returncode == 0


def survivors(found: list[Mutant]) -> Iterator[str]:
    """Keys of those that no test notices; two are tried at a time."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        trees: Queue[Path] = Queue()
        for name in ("a", "b"):
            trees.put(copied(Path(folder, name)))

        def tried(mutant: Mutant) -> str:
            tree = trees.get()
            try:
                return mutant.key if survives(mutant, tree) else ""
            finally:
                trees.put(tree)

        yield from filter(None, pool.map(tried, found))


def main(count: str = "50", within: str = "") -> int:
    """Try them, and say which no test notices."""
    found, known = chosen(int(count), within), argued()
    tried = [mutant for mutant in found if mutant.key not in known]
    alive = 0
    for alive, key in enumerate(survivors(tried), start=1):  # noqa: B007  their number is told below
        sys.stdout.write(f"{key}\n")
        sys.stdout.flush()
    argued_for = len(found) - len(tried)
    sys.stdout.write(
        f"{len(found)}: {len(tried) - alive} noticed, {argued_for} argued, {alive} not\n"
    )
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
