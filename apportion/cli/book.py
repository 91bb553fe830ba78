"""A workbook that a command writes where it is told to, never over a file that it did not write."""

from pathlib import Path

from apportion.outputs import publish
from apportion.workbook.sheets.titled import other_title


def written_book(target: Path, root: Path, title: str, data: bytes) -> str:
    """Write the workbook with this title, and say where; raises `OutputError`."""
    publish.refuse_inputs(target, root)
    publish.replace_file(target, data, other_title(title))
    return f"書き出しました: {target}"
