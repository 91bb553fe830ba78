"""Files under `rules/様式` that ■請求書 names: the picture of the seal, the council's own form."""

from collections.abc import Iterator
from pathlib import Path

from apportion.rulebook import Remark
from apportion.rulebook.book import RuleBook

FOLDER = "rules/様式"
SEAL, FORM = "公印画像", "様式"
MOST = 20_000_000
"""Bytes of a file; of a larger one only so many and one more are read."""


def named(book: RuleBook, key: str) -> Iterator[Remark]:
    """Lines of ■請求書 that name a file under a key, in all rule files."""
    for file in book.files:
        yield from file.invoice.get(key, ())


def path_of(name: str) -> str | None:
    """Path below the workspace of a file so named; None for a name that leads out of the folder."""
    plain = name not in ("", ".", "..") and not any(sign in name for sign in "/\\:\0")
    return f"{FOLDER}/{name}" if plain else None


def load(root: Path, book: RuleBook) -> dict[str, bytes]:
    """Every file that is named and can be read, by its path below the workspace."""
    lines = (line for key in (SEAL, FORM) for line in named(book, key))
    paths = dict.fromkeys(path for line in lines if (path := path_of(line.text)))
    found = {path: _content(root / path) for path in paths}
    return {path: content for path, content in found.items() if content is not None}


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MOST + 1)
    except OSError:
        return None
