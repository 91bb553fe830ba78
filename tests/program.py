"""The program as a person starts it: a process of its own."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Done(NamedTuple):
    code: int
    stdout: str
    stderr: str


def apportion(*arguments: str, folder: Path | None = None) -> Done:
    """What the command does in `folder`, where nobody can be asked."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "apportion", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return Done(done.returncode, done.stdout, done.stderr)
