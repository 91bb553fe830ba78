"""The order in which a folder is written file by file, so that nothing is lost wherever it is cut short.

In memory a command puts all of its files in their places as one step. The folder of the council is written
from there one file after the other: at each point the next command finds the old or the new, or makes it anew.
"""

from collections.abc import Mapping

from apportion.core.written import HISTORY
from apportion.outcome import issued
from apportion.outputs import publish
from apportion.page.told import Record

_GONE, _TABLES, _SEALED = 1, 4, 6


def steps(before: Mapping[str, str], after: Mapping[str, str]) -> list[Record]:
    """The steps from the files of before to those of after (both with their hashes).

    `gone`: the file is removed; `text`: it is written so, for what it holds comes later; else it is copied.

    First the former files in 履歴, then what goes. 記録.json of outputs comes before its files: `run` replaces
    what it lists, and `verify` refuses it until they are there. Tables follow. What is sealed comes last, as
    a whole year can be decided again until it is: a 確定.json that says that it is none, the files, 確定.json.
    """
    new = [name for name, digest in after.items() if before.get(name) != digest]
    sealed = [name for name in new if _is_record_of_issue(name)]
    found: list[tuple[int, str, str | None]] = [(_rank(name), name, None) for name in new]
    found += [(_GONE, name, None) for name in before if name not in after]
    found += [(_SEALED - 1, name, issued.BEGUN) for name in sealed]
    return [
        {"path": name, "gone": rank == _GONE, "text": text}
        for rank, name, text in sorted(found, key=lambda step: step[:2])
    ]


def _rank(name: str) -> int:
    if HISTORY in name.split("/"):
        return 0
    if name.startswith(f"{issued.FOLDER}/"):
        return _SEALED + _is_record_of_issue(name)
    if name.startswith(f"{publish.OUTPUTS}/"):
        return _TABLES - 1 - name.endswith(f"/{publish.NAME}")
    return _TABLES


def _is_record_of_issue(name: str) -> bool:
    """Of the issue itself: its inputs may hold those of former ones."""
    return name.startswith(f"{issued.FOLDER}/") and name.split("/")[4:] == [issued.RECORD]
