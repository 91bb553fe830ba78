"""LibreOffice: where it is, and workbooks converted by two of its processes at once.

Each process has a profile, a temporary folder and short plain file names of its own. So neither a
LibreOffice on the screen, nor the system's locale, nor the length of a command line matters, and
all that it leaves is removed with the folder.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from apportion.core.dataclass import dataclass
from apportion.core.problem import OutputError

VARIABLE = "APPORTION_SOFFICE"
PROCESSES = 2
PATIENCE = 120.0
"""Seconds without a finished file after which LibreOffice is taken to be stuck."""

_PAUSE = 0.05
_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
)
_WINDOWS = ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)")

# By default LibreOffice believes the values that a workbook brings along; 0 computes every formula.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""

Hear = Callable[[int, int], None]
"""Told whenever a file is ready: how many are, and of how many."""


def silent(_done: int, _total: int) -> None:
    """Tells nobody."""


def find() -> Path | None:
    """LibreOffice's soffice: what APPORTION_SOFFICE names, else on the PATH, else where it installs."""
    if named := os.environ.get(VARIABLE):
        found = shutil.which(named)
        return Path(found) if found else None
    on_path = (shutil.which(name) for name in _NAMES)
    return next((Path(path) for path in (*on_path, *_installed()) if path), None)


def _installed() -> Iterator[str]:
    """Programs in the usual places of Windows, macOS and Linux."""
    roots = (os.environ.get(name) for name in _WINDOWS)
    windows = (str(Path(root, "LibreOffice", "program", "soffice.exe")) for root in roots if root)
    yield from (place for place in (*windows, *_PLACES) if Path(place).is_file())


def required(purpose: str) -> Path:
    """LibreOffice; raises `OutputError` where there is none. `purpose` is what was asked for."""
    found = find()
    if found is None:
        named = os.environ.get(VARIABLE)
        why = (
            f"環境変数 {VARIABLE} の「{named}」はプログラムではありません"
            if named
            else "見つかりません"
        )
        mend = f"{VARIABLE} を正しい場所に直すか、消してください。" if named else INSTALL
        message = (
            f"{purpose}には LibreOffice が要りますが、{why}。何も計算していません。\n"
            f"  直し方: {mend}\n"
            f"  場所の例: {_EXAMPLE}"
        )
        raise OutputError(message)
    return found


# Tagged, so that it can be read aloud; a window shows the title instead of the file name.
_PDF = "pdf:calc_pdf_Export:" + json.dumps(
    {
        name: {"type": "boolean", "value": "true"}
        for name in ("UseTaggedPDF", "DisplayPDFDocumentTitle")
    },
    separators=(",", ":"),
)
INSTALL = (
    "LibreOffice を入れてください（Windows、macOS は https://ja.libreoffice.org、"
    "Ubuntu、Debian は sudo apt install libreoffice-calc）。\n"
    f"  入れてあるときは、soffice の場所を環境変数 {VARIABLE} に書いてください。"
)
_EXAMPLE = (
    rf"set {VARIABLE}=C:\Program Files\LibreOffice\program\soffice.exe（Windows）、"
    f"export {VARIABLE}=/usr/bin/soffice（macOS、Linux）"
)


@contextmanager
def converted(
    program: Path,
    files: Sequence[Path],
    kind: str,
    *,
    recalculated: bool = False,
    hear: Hear = silent,
) -> Iterator[Mapping[Path, Path]]:
    """Workbooks converted to `kind` (pdf, xlsx): for each file its result, until the block ends.

    `recalculated`: every formula is computed anew. Raises `OutputError` where LibreOffice does not
    start, breaks off, gets stuck or gives no result for a file.
    """
    with TemporaryDirectory(prefix="apportion-", ignore_cleanup_errors=True) as temporary:
        shares = [files[number::PROCESSES] for number in range(PROCESSES)]
        desks = [
            _laid_out(Path(temporary, str(number)), share, kind, recalculated=recalculated)
            for number, share in enumerate(filter(None, shares))
        ]
        _work(program, desks, kind, hear)
        yield {source: result for desk in desks for source, result in desk.results.items()}


@dataclass(frozen=True, slots=True)
class _Desk:
    """Folder of one process: its copies of the files, and where the result of each is to be."""

    folder: Path
    results: Mapping[Path, Path]

    def done(self) -> int:
        return sum(result.is_file() for result in self.results.values())

    def said(self) -> str:
        """The last thing that the process said, for whoever has to mend it."""
        lines = (self.folder / "log").read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _laid_out(folder: Path, share: Sequence[Path], kind: str, *, recalculated: bool) -> _Desk:
    for name in ("profile/user", "tmp", "results"):
        (folder / name).mkdir(parents=True)
    if recalculated:
        profile = folder / "profile" / "user" / "registrymodifications.xcu"
        profile.write_text(_PROFILE, encoding="utf-8")
    results = {}
    for number, source in enumerate(share):
        shutil.copyfile(source, folder / f"{number}.xlsx")
        results[source] = folder / "results" / f"{number}.{kind}"
    return _Desk(folder, results)


def _work(program: Path, desks: Sequence[_Desk], kind: str, hear: Hear) -> None:
    """Let a process work at each desk until all are done; none is left running."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        for desk in desks:
            running.append(_started(program, desk, kind))  # noqa: PERF401  stopped one by one if a later one fails
        _watch(running, desks, hear)
        _refuse_unstarted(program, running, desks)
        _refuse_missing(desks)
    except OSError as error:
        raise OutputError(_not_started(program, error.strerror or str(error))) from error
    finally:
        for process in running:
            _stop(process)


def _started(program: Path, desk: _Desk, kind: str) -> subprocess.Popen[bytes]:
    temporary = str(desk.folder / "tmp")
    options = ("--headless", "--norestore", "--nologo", "--nolockcheck", "--nofirststartwizard")
    kind = _PDF if kind == "pdf" else kind
    copies = [f"{number}.xlsx" for number in range(len(desk.results))]
    profile = f"-env:UserInstallation={(desk.folder / 'profile').as_uri()}"
    with (desk.folder / "log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603  LibreOffice, as found above
            [str(program), profile, *options, "--convert-to", kind, "--outdir", "results", *copies],
            cwd=desk.folder,
            env=os.environ | dict.fromkeys(("TMPDIR", "TMP", "TEMP"), temporary) | {"TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _watch(running: Sequence[subprocess.Popen[bytes]], desks: Sequence[_Desk], hear: Hear) -> None:
    """Wait until all have ended; raises `OutputError` where nothing goes on."""
    total, known, since = sum(len(desk.results) for desk in desks), 0, time.monotonic()
    while any(process.poll() is None for process in running):
        done = sum(desk.done() for desk in desks)
        if done > known:
            known, since = done, time.monotonic()
            hear(done, total)
        if done == total and time.monotonic() - since > PATIENCE:
            break  # all is there; only its end does not come
        if time.monotonic() - since > PATIENCE:
            message = f"LibreOffice が {PATIENCE:.0f} 秒のあいだ進みません。{_AGAIN}"
            raise OutputError(message)
        time.sleep(_PAUSE)


def _refuse_unstarted(
    program: Path, running: Iterable[subprocess.Popen[bytes]], desks: Iterable[_Desk]
) -> None:
    """A process that ended with an error before its first file did not start: to try again is no help."""
    for process, desk in zip(running, desks, strict=True):
        if process.returncode and not desk.done():
            raise OutputError(_not_started(program, desk.said() or f"終了 {process.returncode}"))


def _refuse_missing(desks: Iterable[_Desk]) -> None:
    """LibreOffice reports success also where it could not read a file: only the result counts."""
    for desk in desks:
        for source, result in desk.results.items():
            if not result.is_file() or not result.stat().st_size:
                message = (
                    f"LibreOffice が {source.name} を変換できませんでした"
                    f"（LibreOffice の表示: {desk.said() or 'なし'}）。{_AGAIN}"
                )
                raise OutputError(message)


def _not_started(program: Path, said: str) -> str:
    return (
        f"LibreOffice（{program}）が動きません（{said}）。前の出力はそのままです。\n"
        "  直し方: LibreOffice を画面から一度開いてください。開けないときは、修復するか入れ直してください。\n"
        f"  ほかの場所の LibreOffice を使うときは、その soffice を環境変数 {VARIABLE} に書いてください。\n"
        f"  場所の例: {_EXAMPLE}"
    )


_AGAIN = (
    "前の出力はそのままです。\n"
    "  直し方: もう一度実行してください。続くときは、LibreOffice を画面から一度開いて、動くことを確かめてください。"
)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started; soffice is only the door to the real program."""
    if sys.platform == "win32":
        if process.poll() is None:
            ending = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(ending, check=False, capture_output=True)  # noqa: S603  our own process
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


ARCHIVES = "送付"

_MADE = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)\d{14}")
_IDENTITY = re.compile(rb"(/ID\s*\[\s*<)([0-9A-F]{32})(>\s*<)([0-9A-F]{32})(>\s*\])")
_CHECKSUM = re.compile(rb"(/DocChecksum\s*/)([0-9A-F]{32})")
_LANGUAGE = re.compile(rb"(/Lang\s*\()[a-z]{2}-[A-Z]{2}(\))")
_MODE = 0o100644 << 16


def write_pdfs(program: Path, books: Sequence[Path], day: date, hear: Hear = silent) -> None:
    """A PDF beside each workbook: all its sheets as they print, dated on `day`.

    Raises `OutputError` where LibreOffice fails.
    """
    with converted(program, books, "pdf", hear=hear) as results:
        for book, result in results.items():
            book.with_suffix(".pdf").write_bytes(repeatable(result.read_bytes(), day))


def repeatable(pdf: bytes, day: date) -> bytes:
    """The PDF with the hour of its making set to `day`, and its identity made from its content.

    LibreOffice stamps the clock; nothing else in its file changes from one time to the next. It says
    the language of its own windows; what we write is Japanese.
    Lengths stay the same, so that the table of places in the file stays right.
    """
    nobody = b"0" * 32
    pdf = _LANGUAGE.sub(rb"\g<1>ja-JP\g<2>", pdf)
    pdf = _MADE.sub(rb"\g<1>" + f"{day:%Y%m%d}000000".encode(), pdf)
    pdf = _IDENTITY.sub(rb"\g<1>" + nobody + rb"\g<3>" + nobody + rb"\g<5>", pdf)
    pdf = _CHECKSUM.sub(rb"\g<1>" + nobody, pdf)
    own = hashlib.sha256(pdf).hexdigest()[:32].upper().encode()
    pdf = _IDENTITY.sub(rb"\g<1>" + own + rb"\g<3>" + own + rb"\g<5>", pdf)
    return _CHECKSUM.sub(rb"\g<1>" + own, pdf)


def write_archives(target: Path, files: Mapping[str, Mapping[str, Path]], day: date) -> None:
    """In the new folder `target`, an archive of the files of each name."""
    target.mkdir()
    for name, own in files.items():
        (target / f"{name}.zip").write_bytes(archive(own, day))


def archive(files: Mapping[str, Path], day: date) -> bytes:
    """A zip of the files by their names in it, dated on `day`: the same files give the same bytes.

    Workbooks and PDFs are packed already and are stored as they are. Names that are not ASCII are
    marked as UTF-8 by `zipfile`; composed (NFC), they look the same on every system.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as packed:
        for name, file in sorted(files.items()):
            composed = unicodedata.normalize("NFC", name)
            info = ZipInfo(composed, date_time=(day.year, day.month, day.day, 0, 0, 0))
            info.create_system, info.external_attr = 3, _MODE
            packed.writestr(info, file.read_bytes())
    return buffer.getvalue()
