"""What the page lets be done below `root`, and which files it puts into the folder of the user."""

from collections.abc import Callable
from pathlib import Path

from apportion import pipeline
from apportion.core.written import HISTORY
from apportion.core.year import folder_name
from apportion.outputs import publish
from apportion.outputs.office import archive
from apportion.outputs.publish import OUTPUTS
from apportion.page.desk import Desk, year_of
from apportion.page.told import Record

_ROOMS = ("rules", "members", OUTPUTS)


def carried_out(desk: Desk, act: Callable[[], Record]) -> Record:
    """Do it below `root`; with what it tells: the files that are new, kept in 履歴 or gone.

    Whoever writes these files in the order `kept`, `gone`, `record`, `files`, one after the other,
    leaves at each point a folder that a run replaces and `verify` refuses, with the former one
    whole in 履歴.
    """
    before = _hashes(desk.root)
    words = act()
    after = _hashes(desk.root)
    desk.changed()
    new = [name for name, digest in after.items() if before.get(name) != digest]
    kept = [name for name in new if HISTORY in name.split("/")]
    record = [name for name in new if name not in kept and name.endswith(f"/{publish.NAME}")]
    return {
        **words,
        "kept": kept,
        "gone": [name for name in before if name not in after],
        "record": record,
        "files": [name for name in new if name not in {*kept, *record}],
    }


def written(desk: Desk, year: str) -> Record:
    """書き出す: run."""
    chosen = year_of(year)

    def act() -> Record:
        outcome = pipeline.run(desk.root, chosen)
        return {
            "folder": f"{OUTPUTS}/{folder_name(chosen, None)}",
            "members": len(outcome.members),
            "total": outcome.total,
            "equations": len(outcome.equations),
        }

    return carried_out(desk, act)


def packed(desk: Desk, year: str) -> bytes:
    """The written folder of a year as one zip, for who cannot write into the folder itself."""
    chosen = year_of(year)
    folder = desk.root / OUTPUTS / folder_name(chosen, None)
    names = publish.hashes(folder)
    return archive({f"{folder.name}/{name}": folder / name for name in names}, chosen.first_day)


def _hashes(root: Path) -> dict[str, str]:
    """Hash of every file of the council, by its path below `root`."""
    return {
        f"{room}/{name}": digest
        for room in _ROOMS
        for name, digest in publish.hashes(root / room).items()
    }
