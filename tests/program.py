"""The program as a person starts it: a process of its own."""

import subprocess
import sys
from typing import NamedTuple


class Done(NamedTuple):
    code: int
    stdout: str
    stderr: str


def apportion(*arguments: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "apportion", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return Done(done.returncode, done.stdout, done.stderr)
