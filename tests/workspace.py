"""Copies of the shipped workspace, to be changed by a test."""

import shutil
from pathlib import Path

SHIPPED = Path(__file__).parents[1]


def copy(target: Path) -> Path:
    """The shipped rules and members in a folder of their own."""
    for folder in ("rules", "members"):
        shutil.copytree(SHIPPED / folder, target / folder)
    return target


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place where `old` stands."""
    text = path.read_bytes().decode("utf-8-sig")
    assert text.count(old) == 1, (path.name, old, text.count(old))
    path.write_bytes(text.replace(old, new).encode("utf-8-sig"))
