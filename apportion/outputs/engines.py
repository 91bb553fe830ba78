"""Programs that compute the formulas of workbooks anew: IronCalc, and LibreOffice where there is one.

Neither looks at the values that a workbook brings along. IronCalc is a package of Python; because
an alarm in it (a damaged file is enough) would end the whole program, it works in processes of its
own.
"""

import json
import os
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import cycle
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, list2cmdline
from typing import IO, NamedTuple
from zipfile import ZipFile

from apportion.core.dataclass import dataclass
from apportion.core.problem import OutputError
from apportion.outputs import office
from apportion.outputs.office import PROCESSES, Hear
from apportion.workbook.sheets import grid
from apportion.workbook.sheets.grid import Place, Value

Cells = Mapping[Place, Value | None]


class Unread(NamedTuple):
    """That a program cannot open a workbook, in its own words."""

    said: str


class Computed(NamedTuple):
    """The formula cells of workbooks, one after the other, and the program that computed them."""

    program: str
    books: Iterator[Cells | Unread]


class Engine(ABC):
    """A program that computes formulas."""

    name: str

    @abstractmethod
    def computed(self, books: Sequence[Path], hear: Hear) -> AbstractContextManager[Computed]:
        """What it makes of the books, until the block ends; raises `OutputError` where it fails."""


def found(purpose: str) -> tuple[Engine, ...]:
    """Those on this machine, the quick one first; raises `OutputError` where there is none.

    `purpose` is what was asked for.
    """
    version = _ironcalc()
    # Whoever names a LibreOffice that is not there wants it: that is told, not passed over.
    named = os.environ.get(office.VARIABLE)
    program = office.required(f"LibreOffice での{purpose}") if named else office.find()
    engines: list[Engine] = []
    if version:
        engines.append(IronCalc(version))
    if program:
        engines.append(LibreOffice(program))
    if not engines:
        install = list2cmdline([sys.executable, "-m", "pip", "install", "ironcalc~=0.9.1"])
        raise OutputError(_NONE.format(purpose=purpose, install=install))
    return tuple(engines)


_NONE = (
    "{purpose}には、式を計算するプログラム IronCalc か LibreOffice が要りますが、どちらも見つかりません。"
    "何も計算していません。\n"
    "  直し方: {install} で IronCalc を入れてください。\n"
    f"  IronCalc を入れられないパソコンでは、{office.INSTALL}"
)


def _ironcalc() -> str:
    """Version of IronCalc; empty where it is not installed or does not start."""
    try:
        import ironcalc  # noqa: PLC0415  nothing else needs it
    except ImportError:
        return ""
    return ironcalc.__version__


@dataclass(frozen=True, slots=True)
class IronCalc(Engine):
    """A package of Python, in two processes at once."""

    version: str
    name = "IronCalc"

    @contextmanager
    def computed(self, books: Sequence[Path], hear: Hear) -> Iterator[Computed]:
        """Each book as it is asked for, while the next ones are being computed."""
        shares = [books[number::PROCESSES] for number in range(PROCESSES)]
        with ExitStack() as stack:
            desks = [stack.enter_context(_at_work(share)) for share in shares]
            yield Computed(f"{self.name} {self.version}", _answers(desks, books, hear))


_PROGRAM = Path(__file__).with_name("ironcalc_cells.py")


@contextmanager
def _at_work(share: Sequence[Path]) -> Iterator[IO[bytes]]:
    """What a process says of its share of the books, line by line; it waits until it is heard."""
    command = [sys.executable, "-P", str(_PROGRAM)]  # -P: nothing is imported from beside it
    with Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL) as process:  # noqa: S603  our own
        assert process.stdin
        assert process.stdout
        try:
            with (
                suppress(OSError),
                process.stdin as asked,
            ):  # one that died is found when it is heard
                asked.write(json.dumps([str(book) for book in share]).encode())
            yield process.stdout
        finally:
            process.kill()


def _answers(
    desks: Sequence[IO[bytes]], books: Sequence[Path], hear: Hear
) -> Iterator[Cells | Unread]:
    for done, (book, desk) in enumerate(zip(books, cycle(desks), strict=False), start=1):
        line = desk.readline()
        if not line:
            raise OutputError(_STOPPED.format(book=book.name))
        answer = json.loads(line)
        hear(done, len(books))
        if isinstance(answer, str):
            yield Unread(answer)
        else:
            yield {(sheet, cell): Value(kind, text) for sheet, cell, kind, text in answer}


_STOPPED = (
    "IronCalc が {book} で止まりました。出力はそのままです。\n"
    "  直し方: もう一度実行してください。続くときは、もう一度 apportion run を実行してから確かめてください。"
)


@dataclass(frozen=True, slots=True)
class LibreOffice(Engine):
    """The LibreOffice of this machine."""

    program: Path
    name = "LibreOffice"

    @contextmanager
    def computed(self, books: Sequence[Path], hear: Hear) -> Iterator[Computed]:
        """All books at once, then each as it is asked for."""
        with office.converted(self.program, books, "xlsx", recalculated=True, hear=hear) as results:
            version = next(map(_version, results.values()), "")
            yield Computed(
                f"{self.name} {version}".rstrip(), (grid.read(results[book]) for book in books)
            )


_VERSION = re.compile(rb"<Application>LibreOffice/([0-9.]+)")


def _version(saved: Path) -> str:
    """Version of LibreOffice, as it writes it in what it saves; empty where it does not."""
    with ZipFile(saved) as book:
        part = "docProps/app.xml"
        match = _VERSION.search(book.read(part)) if part in book.namelist() else None
    return match[1].decode() if match else ""
