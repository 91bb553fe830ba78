"""Would a test notice a wrong line? Wrong lines are made, one at a time, and the tests that run it are run.

Which those are is known from a run of all tests with `pytest --cov --cov-context=test`.
`python -m tests.mutants` tries 50 (seconds each, two at a time), `python -m tests.mutants 300` more,
`python -m tests.mutants 99999 allocate/bounds` all of a module, `100-400` those after the first 100. A
mutant that no test notices ends it with 1, unless `tests/mutants.txt` says why nobody could. Which are
tried is decided by their own text: a change elsewhere does not change the choice.
"""

import ast
import hashlib
import itertools
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

from coverage import CoverageData

from apportion.core.sums import grouped, summed

ROOT = Path(__file__).parents[1]
ARGUED = ROOT / "tests/mutants.txt"
SECONDS = 200
"""Of a processor, after which a wrong line has made a loop without end."""
_PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider")
_UNKNOWN = 4
"""What pytest ends with where it does not find a test."""

ROOMS = ("allocate", "outcome", "rules/read", "years/issues", "years/settle")
ALONE = (
    "test_page",
    "test_office",
    "test_pictures",
    "test_package",
    "test_recalculation",
    "test_mutants",
)
"""Begin the names of files whose tests need another program, or are slow: they are not run."""
NEAR, FAR = 150, 3
"""Of the tests that run a line: so many that run the fewest lines, and of the others so many of each file."""

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


def chosen(count: int, within: str = "", first: int = 0) -> list[Mutant]:
    """Those from `first` to `count` of all, by the hash of their text: each stays when others come or go."""
    files = sorted({f for room in ROOMS for f in (ROOT / "apportion" / room).rglob("*.py")})
    names = [file.relative_to(ROOT / "apportion").as_posix() for file in files]
    found = [mutant for name in names if name.startswith(within) for mutant in mutants(name)]
    return sorted(found, key=lambda m: _digest(m.key))[first:count]


def argued() -> dict[str, str]:
    """Of which mutants it is said why no test can notice them, and what is said."""
    parted = (line.partition("  -- ") for line in ARGUED.read_text("utf-8").splitlines())
    return {key: why for key, _, why in parted if why}


class Ran:
    """Which tests ran which lines, as the last run with `--cov-context=test` noted it."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root, noted = root, root / ".coverage"
        self._data = CoverageData(str(noted))
        self._data.read()
        if not any("::" in name for name in self._data.measured_contexts()):
            message = f"{noted}: first run pytest --cov --cov-context=test"
            raise SystemExit(message)
        self._lines: dict[str, dict[int, list[str]]] = {}
        with sqlite3.connect(noted) as table:
            counted = table.execute(_SIZES).fetchall()
        self._size = summed((_test(name), size) for name, size in counted)

    def tests(self, mutant: Mutant) -> list[str]:
        """Tests that run the line of a mutant: first those that run little else."""
        path = self._root / "apportion" / mutant.file
        if mutant.file not in self._lines:
            self._lines[mutant.file] = self._data.contexts_by_lineno(str(path))
        sound, ran = path.read_bytes(), self._lines[mutant.file]
        first, last = (sound.count(b"\n", 0, at) + 1 for at in (mutant.start, mutant.end))
        found = {_test(name) for line in range(first, last + 1) for name in ran.get(line, ())}
        usable = (name for name in found if "::" in name and not _file(name).startswith(ALONE))
        listed = sorted(usable, key=lambda name: (self._size[name], name))
        others = grouped((_file(name), name) for name in listed[NEAR:]).values()
        far = (name for own in others for name in sorted(own, key=_digest)[:FAR])
        return [*listed[:NEAR], *sorted(far, key=lambda name: (self._size[name], name))]


_SIZES = """select context, count(distinct file_id || ' ' || tono) from arc
join context on context.id = context_id group by context_id"""


def _test(context: str) -> str:
    """`tests/test_seal.py::test_x[a|b]` of `tests/test_seal.py::test_x[a|b]|run`."""
    return context.rpartition("|")[0]


def _file(test: str) -> str:
    return test.partition("::")[0].rpartition("/")[2]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


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


def survives(mutant: Mutant, tree: Path, tests: Sequence[str]) -> bool:
    """Whether all these tests pass with the wrong line in this copy of the tree.

    Raises `AssertionError` where one fails that fails without the wrong line too.
    """
    path = tree / "apportion" / mutant.file
    sound, when = path.read_bytes(), path.stat().st_mtime_ns
    path.write_bytes(sound[: mutant.start] + mutant.new.encode() + sound[mutant.end :])
    os.utime(path, (next(_TIMES),) * 2)
    try:
        failed = failing(tree, tests)
    finally:
        path.write_bytes(sound)
        os.utime(path, ns=(when, when))
    if failed and failed in tests:
        assert not failing(tree, [failed]), failed
    return not failed


def failing(tree: Path, tests: Sequence[str]) -> str:
    """The first of these tests that fails in a tree, or how all of them ended; nothing where they pass."""
    if not tests:
        return ""
    listed = tree / "tests.txt"
    listed.write_text("\n".join(tests), "utf-8")
    done = subprocess.run(
        [*_PYTEST, f"@{listed}"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        encoding="utf-8",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),
        check=False,
    )
    assert done.returncode != _UNKNOWN, done.stdout  # a test that is no longer there
    if not done.returncode:
        return ""
    said = (line.removeprefix("FAILED ") for line in done.stdout.splitlines())
    named = (line.partition(" - ")[0] for line in said)
    return next((name for name in named if name in tests), f"ended with {done.returncode}")


def survivors(found: list[Mutant]) -> Iterator[str]:
    """Keys of those that no test notices; two are tried at a time."""
    ran = Ran()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        trees: Queue[Path] = Queue()
        for name in ("a", "b"):
            trees.put(copied(Path(folder, name)))

        tests = {mutant.key: ran.tests(mutant) for mutant in found}

        def tried(mutant: Mutant) -> str:
            tree = trees.get()
            try:
                return mutant.key if survives(mutant, tree, tests[mutant.key]) else ""
            finally:
                trees.put(tree)

        yield from filter(None, pool.map(tried, found))


def main(count: str = "50", within: str = "") -> int:
    """Try them, and say which no test notices."""
    first, _, last = count.rpartition("-")
    found, known = chosen(int(last), within, int(first or 0)), argued()
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
