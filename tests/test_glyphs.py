"""A Windows console shows only what cp932 has: whatever the program says, it can show."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import apportion
from apportion.cli import COMMANDS, app, guarded
from apportion.core.catalogue import codes
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outputs.taken import take_in
from apportion.tables.edit import Replacement
from tests import sealing, settling
from tests.properties import council
from tests.workspace import edit

PACKAGE = Path(apportion.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Signs that these modules look for in what others wrote; nobody is shown them.
LOOKED_FOR = {"text.py", "starter.py", "heading.py", "facts.py"}

# How each command is tried; {dir} is a council, {new} a place where nothing is.
TRIED: dict[str, tuple[str, ...]] = {
    "status": ("status --year r7 --date R7.9.1 --dir {dir}", "status --dir {decided}"),
    "init": ("init {new}", "init --full {new}-full"),
    "new-year": ("new-year r8 --dir {later}",),
    "run": (
        "run --year r7 --dir {dir}",
        "run --year r7 --dir {dir} --only 予約",
        "run --year r7 --dir {dir} --zip",
        "run --year r7 --dir {revised} --since r7:補正1 --out {new}/since",
        "run --year r7 --dir {revised} --case 補正1",
    ),
    "check": (
        "check --year r7 --dir {dir}",
        "check --year r7 --dir {dir} --json",
        "check --year r7 --dir {dir} --coverage",
    ),
    "verify": ("verify {dir}/outputs/r7 --dir {dir}",),
    "seal": (
        "run --year r7 --dir {decided}",
        "seal --year r7 --note 総会議決 --date R7.5.30 --dir {decided}",
        "verify {decided}/outputs/確定/r7",
    ),
    "seen": ("seen W889 --year r7 --note 存置科目 --yes --dir {slipped}",),
    "pin": ("pin {billed} --year r7 --yes --dir {pinned}",),
    "rename": ("rename 経費 監査、訓練 監査 --yes --dir {renamed}",),
    "undo": ("undo --yes --dir {taken}",),
    "withdraw": ("withdraw --year r7 --note 誤り --date R7.6.10 --dir {decided}",),
    "decide": ("decide --year r7 --note 総会議決 --date R7.5.30 --dir {voted}",),
    "settle": (
        "settle --year r7 --dir {closed}",
        "verify {closed}/outputs/r7-精算 --dir {closed}",
    ),
    "explain": ("explain --year r7 --member あおば市 --dir {dir}",),
    "diff": (
        "diff r7 r7 --dir {dir}",
        "diff r7 r7:補正1 --dir {revised} --member あおば市",
        "diff r7 r7:補正1 --dir {revised} --rules",
        "diff r7 r7:補正1 --dir {revised} --json",
        "diff r7 r7 --dir {dir} --rounding",
    ),
    "what-if": (
        "what-if --year r7 --budget 予約/監査、訓練=90千円 --alone あおば市=3千円 --dir {dir}",
        "what-if --year r7 --sweep 予約/監査、訓練=90千円..110千円step10千円 --limit 前年度の100% --dir {dir}",
        "what-if --year r7 --budget 予約/監査、訓練=+5% --dir {dir}",
    ),
    "fmt": ("fmt --check --dir {dir}", "fmt --dir {dir}"),
    "show": tuple(
        f"show {what} --year r7 --dir {{dir}}"
        for what in ("rules", "roster", "figures", "payments")
    ),
    "export": ("export rules --year r7 --dir {dir}", "export data --year r7 --dir {dir}"),
    "import figures": ("import figures {dir}/members/r7/figures.csv --year r7 --dir {dir}",),
    "import roster": ("import roster {dir}/members/r7/roster.csv --year r7 --dir {dir}",),
    "import payments": ("import payments {paid} --year r7 --dir {dir}",),
    "import budget": ("import budget {document} --year r7 --dir {dir}",),
    "help": ("help", *(f"help {code}" for code in codes())),
}

UNANSWERED = {"import budget", "import payments"}
"""Commands that ask, and are tried where nobody answers."""


@pytest.fixture(name="places", scope="module")
def fixture_places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    paid = tmp_path_factory.mktemp("list") / "納入.csv"
    paid.write_text("団体名,期,納入日,金額\nあおば市,1,R7.7.31,9999999\n", encoding="utf-8")
    return {
        "paid": paid,
        "dir": council.write(tmp_path_factory.mktemp("council")),
        "later": council.write(tmp_path_factory.mktemp("later")),
        "decided": sealing.decided(tmp_path_factory.mktemp("decided") / "council"),
        "voted": sealing.decided(tmp_path_factory.mktemp("voted") / "council"),
        "closed": settling.worked(tmp_path_factory.mktemp("closed")),
        "revised": revised(council.write(tmp_path_factory.mktemp("revised"))),
        "taken": taken(council.write(tmp_path_factory.mktemp("taken"))),
        "slipped": slipped(settling.worked(tmp_path_factory.mktemp("slipped"))),
        "billed": billed(tmp_path_factory.mktemp("billed") / "請求.csv"),
        "pinned": council.write(tmp_path_factory.mktemp("pinned")),
        "renamed": council.write(tmp_path_factory.mktemp("renamed")),
        "new": tmp_path_factory.mktemp("new") / "begun",
        "document": Path(__file__).parent / "import" / "r7_事業計画及び当初予算.txt",
    }


def billed(path: Path) -> Path:
    """What the council billed for one line."""
    outcome = compute(council.write(path.parent), FiscalYear(2025))
    rows = [(c.member.name, c.line.project, c.line.name, c.yen) for c in outcome.charges]
    text = "".join(f"{','.join(map(str, row))}\n" for row in rows)
    path.write_text(f"団体名,事業,経費,請求額（円）\n{text}", encoding="utf-8")
    return path


def taken(root: Path) -> Path:
    """A table was imported, which was there before."""
    path = root / "members/r7/figures.csv"
    take_in(root, "import figures", [Replacement(path=path, former=path, data=b"x,1\n")])
    return root


def slipped(root: Path) -> Path:
    """決算額 has a digit too many."""
    edit(root / "rules/r7/budget.csv", "110000", "1100000")
    return root


def revised(root: Path) -> Path:
    """A 補正 without its day, after which nothing is the same but the sum."""
    for name, change in (("budget", "△1"), ("income", "△1000")):
        path = root / "rules/r7" / f"{name}.csv"
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        unit = "千円" if name == "budget" else "円"
        line = next(n for n, row in enumerate(rows) if "事務費" in row or "負担金収入" in row)
        cells = [change if n == line else "" for n in range(len(rows))]
        text = "".join(f"{row},{cell}\n" for row, cell in zip(rows, cells, strict=True))
        path.write_text(f"{head},補正第1号（{unit}）\n{text}", encoding="utf-8")
    return root


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
        unanswered = command in UNANSWERED and "--help" not in words
        told = said(words, capsys, code=2 if unanswered else int("--check" in words))
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
