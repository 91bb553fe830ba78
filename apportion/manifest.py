"""記録.json: which inputs made which outputs, as hashes; the same run writes the same bytes."""

import hashlib
import json
from pathlib import Path
from typing import Any

from apportion import __version__
from apportion.outcome import Outcome

NAME = "記録.json"
SETTLEMENT = "精算"
"""ケース of a year that is settled."""


def make(outcome: Outcome, root: Path, folder: Path) -> bytes:
    """Manifest of the files in `folder`, computed from the inputs under `root`."""
    record = {
        "書式": 1,
        "プログラム": f"apportion {__version__}",
        "年度": outcome.year.code,
        **_case(outcome),
        "状態": outcome.state,
        "団体数": len(outcome.members),
        "負担金額_円": outcome.total,
        "突合": {"式の数": len(outcome.equations), "差のある式": 0},
        "入力": {path: digest(root / path) for path in sorted(outcome.files)},
        "出力": outputs(folder),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _case(outcome: Outcome) -> dict[str, str]:
    """What stands beside the first budget of a year: 補正1 … or 精算."""
    if outcome.settled:
        return {"ケース": SETTLEMENT}
    return {"ケース": str(outcome.case)} if outcome.case else {}


def outputs(folder: Path) -> dict[str, str]:
    """Hash of every file below `folder` but the manifest."""
    return {name: found for name, found in hashes(folder).items() if name != NAME}


def hashes(folder: Path) -> dict[str, str]:
    """Hash of every file below `folder`, by its path there."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: digest(named[name]) for name in sorted(named)}


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder, or None where there is none to read."""
    try:
        found = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "年度" in found else None


def digest(path: Path) -> str:
    """SHA-256 of a file; empty where it is missing."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
