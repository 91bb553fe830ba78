"""LibreOffice and poppler for tests: skipped by hand where they are missing, red where CI=true."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from apportion.outputs import office

POPPLER = ("pdftotext", "pdfinfo", "pdffonts")


def needed() -> Path:
    """LibreOffice; without it or poppler the test ends here."""
    found = office.find()
    missing = [name for name in POPPLER if shutil.which(name) is None]
    if found is not None and not missing:
        return found
    message = f"needs {', '.join([*([] if found else ['LibreOffice']), *missing])}; see .ci/run"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def pdf_text(pdf: Path, *options: str) -> str:
    return said("pdftotext", *options, str(pdf), "-")


def pages(pdf: Path) -> list[str]:
    """Size of each page, as pdfinfo says it."""
    return re.findall(
        r"^Page +\d+ size: +(.*)$", said("pdfinfo", "-l", "-1", str(pdf)), re.MULTILINE
    )


def fonts(pdf: Path) -> list[tuple[str, str]]:
    """Name of each font, and yes where it is embedded."""
    rows = said("pdffonts", str(pdf)).splitlines()
    embedded = rows[0].index("emb")
    return [(row.split()[0], row[embedded : embedded + 3].strip()) for row in rows[2:]]


def said(*command: str) -> str:
    """What a command prints."""
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return done.stdout
