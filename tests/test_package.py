"""The package as it is installed: its commands work where nothing of its source is, and nothing calls out."""

import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from tests.workspace import SHIPPED, copy

NO_SOCKET = """
import sys
def refused(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")):
        print("calls out:", event, arguments, file=sys.stderr)
        raise RuntimeError(event)
sys.addaudithook(refused)
from apportion.__main__ import main
main()
"""


def alone(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a folder, in a process that may open no socket and look up no name."""
    command = [sys.executable, "-X", "utf8", "-c", NO_SOCKET, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, encoding="utf-8")


def done(folder: Path, *words: str) -> str:
    found = alone(folder, *words)
    assert (found.returncode, "calls out" in found.stderr) == (0, False), (words, found.stderr)
    return found.stdout


def test_a_year_from_its_beginning_to_its_end_opens_no_socket(tmp_path: Path) -> None:
    root = copy(tmp_path)
    done(root, "check", "--year", "r7")
    done(root, "run", "--year", "r7", "--zip")
    done(root, "verify", "outputs/r7")
    done(root, "explain", "--member", "豊橋市", "--year", "r7")
    done(root, "show", "rules", "--year", "r7")
    done(root, "fmt", "--year", "r7", "--check")
    done(root, "export", "data", "--year", "r7")
    done(root, "new-year", "r8")
    done(root, "help", "W403")


def test_the_hook_stops_who_calls_out(tmp_path: Path) -> None:
    code = NO_SOCKET.replace("main()", "import socket; socket.create_connection(('127.0.0.1', 9))")
    found = subprocess.run(
        [sys.executable, "-c", code.replace("import main", "import main as _")],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert "calls out: socket." in found.stderr


def test_a_new_council_begins_with_what_the_package_holds(tmp_path: Path) -> None:
    done(tmp_path, "init", "協議会")
    made = tmp_path / "協議会"
    for manual in ("rules/README.md", "members/README.md"):
        own, shipped = ((at / manual).read_text("utf-8-sig") for at in (made, SHIPPED))
        assert own == shipped
    done(made, "check", "--year", next(p.name for p in (made / "rules").glob("r*")))


@pytest.mark.parametrize("folder", ["help"])
def test_what_is_no_code_is_in_the_package_too(folder: str) -> None:
    assert any(
        page.name.endswith(".txt") for page in (resources.files("apportion") / folder).iterdir()
    )
