"""Commands as a person types them: words, exit codes, and what they load."""

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from typer import core

from apportion import cli
from apportion.cli import COMMANDS, options, words
from apportion.cli.show import SHOWN
from apportion.cli.status import nothing_here
from apportion.core.catalogue import topics
from apportion.core.problem import OutputError
from apportion.core.year import __version__
from tests import workspace
from tests.program import apportion


def test_help_is_japanese_and_complete() -> None:
    done = apportion("--help")
    assert done.code == 0
    assert all(word in done.stdout for word in ("使い方", "コマンド:", "run", "check", "verify"))
    assert "Usage" not in done.stdout
    assert "Show this" not in done.stdout
    assert "--year" in apportion("run", "--help").stdout


def test_help_is_japanese_on_a_narrow_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    told = apportion("import", "--help").stdout + apportion("export", "--help").stdout
    assert "COMMAND" not in told
    assert "[OPTIONS]" not in told
    assert told.count("［必須］") == 2


def test_typer_knows_the_texts_of_the_catalogue() -> None:
    """A typer that words them anew would show English again."""
    sources = "".join(path.read_text("utf-8") for path in Path(core.__file__).parent.rglob("*.py"))
    assert [text for text in words.CATALOGUE if f'"{text}"' not in sources] == []
    assert core.__dict__["_"]("Options") == "オプション"


def test_version() -> None:
    assert apportion("--version").stdout == f"apportion {__version__}\n"


def test_without_arguments_it_says_what_to_do_next() -> None:
    done = apportion()
    assert done.code == 0
    assert "令和7年度" in done.stdout
    assert "apportion decide --year r7" in done.stdout
    assert "rules フォルダーがありません" in nothing_here()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run",), "--year を指定してください"),
        (("run", "--yaer", "r7"), "--year"),
        (("run", "--year", "7"), "年度「7」が分かりません"),
        (("xyzzy",), "「xyzzy」というコマンドはありません。\n使い方"),
        (("chekc",), "「chekc」というコマンドはありません。\n似たもの: apportion check\n使い方"),
        (("rnu",), "似たもの: apportion run\n使い方"),
        (("計算",), "似たもの: apportion run\n使い方"),
        (("確定",), "似たもの: apportion seal\n説明: apportion help 確定\n使い方"),
        (("精　算",), "似たもの: apportion settle\n"),
        (("取り消し",), "似たもの: apportion withdraw\n説明: apportion help 取り消し\n"),
        (("補正",), "似たもの: apportion run --case 補正1\n説明: apportion help 補正\n"),
        (("import", "budgte"), "似たもの: apportion import budget\n使い方"),
        (("import", "計算"), "「計算」というコマンドはありません。\n使い方"),
        (("show", "paymnets", "--year", "r7"), "payments ですか。"),
        (("help", "確的"), "「確的」というコードや題はありません。"),
        (("help", "check"), "コマンドの使い方: apportion check --help"),
    ],
)
def test_wrong_usage_is_told_in_japanese(arguments: tuple[str, ...], word: str) -> None:
    done = apportion(*arguments)
    assert done.code == options.WRONG_USAGE
    assert word in done.stderr
    assert "Error" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [("check", "--year", "r7"), ("new-year", "r8"), ("settle", "--year", "r7")],
    ids=lambda words: words[0],
)
def test_a_folder_that_is_not_there_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    none = tmp_path / "none"
    done = apportion(*command, "--dir", str(none))
    assert done.code == options.WRONG_USAGE
    assert f"フォルダー「{none}」がありません" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_check_as_json(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    workspace.edit(root / "rules/r7/10_denshi_shinsei.txt", "人口割 80%", "人口割 70%")
    done = apportion("check", "--year", "r7", "--json", "--dir", str(root))
    assert done.code == options.WRONG_INPUT
    (record,) = json.loads(done.stdout)
    assert (record["code"], record["level"]) == ("W209", "エラー")
    assert record["file"] == "rules/r7/10_denshi_shinsei.txt"
    assert record["line"] > 1
    assert record["col"] > 1


def test_one_project_is_only_printed(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    done = apportion("run", "--year", "令和7年度", "--only", "施設予約", "--dir", str(root))
    assert done.code == 0
    assert "春日井市\t3,244,617円" in done.stdout
    assert not (root / "outputs").exists()
    assert (
        "W901" in apportion("run", "--year", "r7", "--only", "予約調達", "--dir", str(root)).stderr
    )


def test_a_fault_of_ours_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    def locked() -> None:
        message = "閉じてください"
        raise OutputError(message)

    assert cli.guarded(broken) == options.OUR_FAULT
    assert cli.guarded(locked) == options.NO_ACCESS
    told = capsys.readouterr().err
    assert "プログラムの誤りです" in told
    assert "Traceback" not in told
    assert "閉じてください" in told


HEAVY = ("numpy", "pandas", "openpyxl", "xlsxwriter", "python_calamine", "rich", "pydantic")


@pytest.mark.parametrize(
    ("program", "heavy"),
    [
        (
            "from apportion import cli; cli.app(['--help'], standalone_mode=False)",
            (*HEAVY, "jpholiday"),
        ),
        (
            "from apportion import cli; cli.app(['help', 'W403'], standalone_mode=False)",
            (*HEAVY, "jpholiday"),
        ),
        (
            # A check tells days that are no working days: it needs the calendar.
            (
                "from pathlib import Path; from apportion.outcome.workspace import load;"
                "from apportion.outcome.computation import examine; from apportion.core.year import FiscalYear;"
                "examine(load(Path(), FiscalYear(2025)))"
            ),
            HEAVY,
        ),
    ],
)
def test_help_and_check_load_no_heavy_package(program: str, heavy: tuple[str, ...]) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{program}\nimport sys\nassert not [m for m in {heavy} if m in sys.modules]",
        ],
        check=False,
        capture_output=True,
        cwd=workspace.SHIPPED,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_the_library_names_stay_functions() -> None:
    program = (
        "import apportion; from pathlib import Path; y = apportion.FiscalYear.parse('r7');"
        "a = apportion.compute(Path(), y); b = apportion.compute(Path(), y);"
        "import apportion.pipeline; assert callable(apportion.run);"
        "assert a.total == b.total == 385_422_000; assert len(a.to_frame()) == 1286"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, cwd=workspace.SHIPPED
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("name", topics())
def test_what_the_year_asks_for_is_explained(name: str) -> None:
    """Short, and with commands that there are."""
    done = apportion("help", name)
    assert done.code == 0
    assert 5 <= len(done.stdout.splitlines()) <= 20
    commands = re.findall(r"apportion ((?:import |show )?[a-z-]+)", done.stdout)
    known = {*COMMANDS, *(f"show {what}" for what in SHOWN)}
    assert {command for command in commands if command not in known} == set()
    assert (
        max(sum(1 + (ord(sign) > 255) for sign in line) for line in done.stdout.splitlines()) <= 100
    )


def test_each_topic_has_its_own_names_and_stands_in_the_list() -> None:
    pages = [
        page.read_text("utf-8").partition("\n")[0]
        for page in (files("apportion") / "topics").iterdir()
    ]
    names = [name for head in pages for name in head.split("、")]
    assert len(names) == len(set(names)) == len(topics())
    listed = apportion("help").stdout
    assert all(f"  {head}\n" in listed for head in pages)


def test_every_word_for_a_command_leads_to_one() -> None:
    meant = vars(words)["_MEANT"]
    firsts = {command.split()[0] for command in COMMANDS} | {"--help"}
    assert {word for word in meant.values() if word.split()[0] not in firsts} == set()
