"""The parts of 負担金計算.html, and how they become one file."""

import base64
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from apportion.core.year import __version__
from apportion.years.begin.starter import COUNCIL, MANUALS, TOWNS, files

HERE = Path(__file__).parent / "web"
ROOT = HERE.parents[2]
TARGET = ROOT / "dist" / "負担金計算.html"
WHEELS = HERE / "parts" / "wheels"
_NODE = HERE / "node_modules"
_PYODIDE = _NODE / "pyodide"
_RUNTIME = ("pyodide.asm.wasm", "python_stdlib.zip", "pyodide.asm.mjs", "pyodide.mjs")
_LOCK = "pyodide-lock.json"

# As pip names the browser: what it takes beside plain Python is compiled for this.
_BROWSER = (
    *("--platform", "pyemscripten_2026_0_wasm32", "--implementation", "cp"),
    *("--python-version", "314", "--abi", "cp314", "--abi", "none"),
)
_LEFT_OUT = re.compile(r"apportion/(__main__|page/(build|__main__|web/))|__pycache__")
"""What builds the page stays outside."""
_COUNCIL = ("rules", "members")
_CSP = (
    "default-src 'none'; script-src {scripts} blob: 'wasm-unsafe-eval'; worker-src blob:; "
    "style-src {styles} 'nonce-editor'; style-src-attr 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""Where text is typed over coloured text, Chromium itself gives the new one a colour as an attribute."""


class Inside(NamedTuple):
    """What is inside, under which licence, and where its source is had."""

    name: str
    version: str
    licence: str
    source: str
    text: str = ""


def build(target: Path) -> None:
    """Fetch what is missing and write the file."""
    fetch()
    scripts = bundle()
    blocks = {name: (_PYODIDE / name).read_bytes() for name in _RUNTIME}
    blocks[_LOCK] = lock()
    blocks["packages"] = packed(site())
    blocks["sample"] = packed(council())
    blocks["towns"] = packed(files(TOWNS))
    blocks["worker"] = scripts["worker"]
    blocks["parts"] = json.dumps([part._asdict() for part in parts()], ensure_ascii=False).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    style = (HERE / "src" / "style.css").read_text(encoding="utf-8")
    target.write_text(html(scripts["main"].decode(), style, blocks), encoding="utf-8", newline="\n")


def fetch() -> None:
    """Packages of npm by package-lock.json, and the wheels by their hashes."""
    npm = shutil.which("npm")
    assert npm, "npm is needed"
    wanted = (HERE / "package-lock.json").read_bytes()
    mark = _NODE / ".built-from"
    if not mark.is_file() or mark.read_bytes() != wanted:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=HERE, check=True)  # noqa: S603  our own lock file
        mark.write_bytes(wanted)
    listed = HERE / "wheels.txt"
    kept = WHEELS / listed.name
    if not kept.is_file() or kept.read_bytes() != listed.read_bytes():
        shutil.rmtree(WHEELS, ignore_errors=True)
        pip = (sys.executable, "-m", "pip", "download", "-qq", "--no-deps")
        given = ("--only-binary=:all:", "--require-hashes", "-r", str(listed), "-d", str(WHEELS))
        subprocess.run([*pip, *given, *_BROWSER], check=True)  # noqa: S603  our own list
        kept.write_bytes(listed.read_bytes())


def bundle() -> dict[str, bytes]:
    """The scripts of the page and of its worker."""
    made = {}
    for name, source in {"main": "main.tsx", "worker": "worker.ts"}.items():
        options = ("--bundle", "--minify", "--format=iife", "--target=es2022", "--charset=utf8")
        jsx = ("--jsx=automatic", "--jsx-import-source=preact", "--log-level=warning")
        command = [str(_NODE / ".bin" / "esbuild"), f"src/{source}", *options, *jsx]
        done = subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE)  # noqa: S603  pinned
        made[name] = done.stdout
    return made


def lock() -> bytes:
    """Pyodide's list of packages without those that would be fetched: nothing is."""
    found = json.loads((_PYODIDE / _LOCK).read_bytes())
    return json.dumps(found | {"packages": {}}).encode()


def site() -> Iterator[tuple[str, bytes]]:
    """Files of site-packages: ours, and those of the wheels."""
    for path in sorted((ROOT / "apportion").rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and not _LEFT_OUT.search(name):
            yield name, path.read_bytes()
    yield from _manuals()
    for wheel in sorted(WHEELS.glob("*.whl")):
        with ZipFile(wheel) as opened:
            for name in sorted(opened.namelist()):
                if ".dist-info/" not in name and not name.endswith(".pyi"):
                    yield name, opened.read(name)


def _manuals() -> Iterator[tuple[str, bytes]]:
    """Where a wheel has them."""
    for name in MANUALS:
        yield (COUNCIL / name).relative_to(ROOT).as_posix(), (ROOT / name).read_bytes()


def council() -> Iterator[tuple[str, bytes]]:
    """Rules and tables of the shipped council: what 「見本を開く」 shows."""
    for folder in _COUNCIL:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def packed(files: Iterator[tuple[str, bytes]]) -> bytes:
    """A zip that is the same for the same files; it is compressed with the page."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as made:
        for name, data in files:
            made.writestr(ZipInfo(name), data)
    return buffer.getvalue()


def parts() -> Iterator[Inside]:
    """Everything that is inside, with its licence."""
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    yield Inside("apportion", __version__, "MIT", "", own)
    yield from _scripts()
    python = json.loads((_PYODIDE / _LOCK).read_bytes())["info"]["python"]
    yield Inside("Python", python, "PSF-2.0", "https://github.com/python/cpython")
    for wheel in sorted(WHEELS.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        yield Inside(name, version, *_licence(wheel))


def _scripts() -> Iterator[Inside]:
    """What npm brought; esbuild and the types only build."""
    listed = json.loads((HERE / "package-lock.json").read_bytes())["packages"]
    for place, found in sorted(listed.items()):
        name = place.removeprefix("node_modules/")
        if place and not found.get("dev") and name not in _NOT_INSIDE:
            text = _NODE / name / "LICENSE"
            said = text.read_text(encoding="utf-8") if text.is_file() else ""
            source = f"https://www.npmjs.com/package/{name}/v/{found['version']}"
            yield Inside(name, found["version"], found["license"], source, said)


_NOT_INSIDE = {"ws", "@types/emscripten"}
"""What Pyodide asks for outside a browser."""
_SOURCES = {
    "annotated_doc": ("MIT", "https://github.com/fastapi/annotated-doc"),
    "shellingham": ("ISC", "https://github.com/sarugaku/shellingham"),
    "typer": ("MIT", "https://github.com/fastapi/typer"),
    "xlsxwriter": ("BSD-2-Clause", "https://github.com/jmcnamara/XlsxWriter"),
    "openpyxl": ("MIT", "https://foss.heptapod.net/openpyxl/openpyxl"),
    "et_xmlfile": ("MIT", "https://foss.heptapod.net/openpyxl/et_xmlfile"),
    "jpholiday": ("MIT", "https://github.com/Lalcs/jpholiday"),
    "python_calamine": ("MIT", "https://github.com/dimastbk/python-calamine"),
}


def _licence(wheel: Path) -> tuple[str, str, str]:
    """Licence of a wheel, where its source is, and the texts that it carries."""
    with ZipFile(wheel) as opened:
        names = [n for n in sorted(opened.namelist()) if ".dist-info/" in n and "LICEN" in n]
        texts = [opened.read(name).decode("utf-8") for name in names]
    return *_SOURCES[wheel.name.split("-", maxsplit=1)[0]], "\n\n".join(texts)


def html(script: str, style: str, blocks: Mapping[str, bytes]) -> str:
    """The file. Only its own script runs, nothing is asked of any network."""
    policy = _CSP.format(scripts=_allowed(script), styles=_allowed(style))
    held = "\n".join(
        f'<script type="text/plain" id="{name}">{_text(data)}</script>'
        for name, data in blocks.items()
    )
    return (
        '<!doctype html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width">\n<title>負担金計算</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n"
        '<div id="app"><p class="wait">開いています…</p></div>\n'
        f"{held}\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _allowed(text: str) -> str:
    assert "</script" not in text
    assert "</style" not in text
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
