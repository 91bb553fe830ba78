"""Whose stage a folder is: its name says since when, by which process, on which computer."""

import os
import platform
import re
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from apportion.core.problem import OutputError

PREFIX = ".作成中-"
_NAMED = re.compile(rf"{re.escape(PREFIX)}(.+)-([0-9]{{13}})-([0-9]+)-(\w*)", re.DOTALL)
_DAY = 24 * 60 * 60
"""Seconds after which a stage that cannot be asked for is dead: no command works for so long."""
_SLACK = 2
"""Seconds that the clocks of process and file may differ."""
_LONGEST = 24
"""Signs of a target's name in that of its stage, which may have 255 bytes."""
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0)
"""Seconds to wait for who came first: a run without PDFs is over by then."""

MINE: set[str] = set()
"""Names of the stages that this process has open: others with its number were left by a former one."""


class Owner(NamedTuple):
    """Who works in a stage, read from its name."""

    work: str
    since: float
    process: int
    computer: str

    @property
    def words(self) -> str:
        """Computer and time, for the person who has to wait."""
        began = datetime.fromtimestamp(self.since).astimezone()
        return f"コンピューター {self.computer or '不明'}、{began:%Y-%m-%d %H:%M:%S} から"


def claim(parent: Path, work: str) -> Path:
    """Path of a new stage of ours, not made yet."""
    name = f"{PREFIX}{work[:_LONGEST]}-{int(time.time() * 1000):013}-{os.getpid()}-{_computer()}"
    return parent / name


def of(stage: Path) -> Owner | None:
    """Owner of a stage; None where the folder is none of ours."""
    found = _NAMED.fullmatch(stage.name)
    if found is None or stage.is_symlink() or not stage.is_dir():
        return None
    return Owner(found[1], int(found[2]) / 1000, int(found[3]), found[4])


def living(stage: Path, owner: Owner) -> bool:
    """Whether somebody still works in it."""
    if owner.computer == _computer() and owner.process == os.getpid():
        return stage.name in MINE
    if time.time() - owner.since > _DAY:
        return False
    if owner.computer != _computer():
        return True  # nobody can be asked about a process of another computer
    started = _started(owner.process)
    return started is not None and started <= owner.since + _SLACK


def busy(place: str, who: str) -> OutputError:
    """What is told where all the pauses were not enough; `place` is where somebody else writes."""
    return OutputError(
        f"いま、別の apportion が{place}書いています（{who}）。何も書いていません。\n"
        "  直し方: それが終わってから、もう一度実行してください。"
    )


def _computer() -> str:
    return re.sub(r"\W", "", platform.node())[:15]


if sys.platform == "win32":

    def _started(process: int) -> float | None:
        """When a process began; None where there is none of that number.

        `os.kill(process, 0)`, the way to ask elsewhere, would end it on Windows. So its handle is
        asked for its exit code (259: it still works) and for its time of creation, which is counted
        in 100 ns from 1601. A process of another user refuses the handle (5) and counts as living.
        """
        import ctypes  # noqa: PLC0415  windll is there on Windows only
        from ctypes import wintypes  # noqa: PLC0415

        system = ctypes.WinDLL("kernel32", use_last_error=True)
        system.OpenProcess.restype = wintypes.HANDLE
        system.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        handle = system.OpenProcess(0x1000, False, process)  # noqa: FBT003  of Windows
        if not handle:
            return 0.0 if ctypes.get_last_error() == 5 else None  # noqa: PLR2004
        code, times = wintypes.DWORD(), [ctypes.c_uint64() for _ in range(4)]
        held = wintypes.HANDLE(handle)
        system.GetExitCodeProcess(held, ctypes.byref(code))
        system.GetProcessTimes(held, *map(ctypes.byref, times))
        system.CloseHandle(held)
        return times[0].value / 10**7 - 11_644_473_600 if code.value == 259 else None  # noqa: PLR2004

else:

    def _started(process: int) -> float | None:
        """When a process began (0 where the system does not say); None where there is none."""
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return None
        except OSError:
            return 0.0  # somebody else's
        with suppress(OSError, ValueError, IndexError):
            # The name of the program stands in brackets and may hold blanks; field 22 is ticks.
            fields = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2]
            began = int(fields.split()[19]) / os.sysconf("SC_CLK_TCK")
            return _booted() + began
        return 0.0


def _booted() -> float:
    text = Path("/proc/stat").read_text("ascii")
    return float(text.partition("btime ")[2].split()[0])
