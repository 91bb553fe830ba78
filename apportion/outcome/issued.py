"""What was issued: the sealed folders of a year (`outputs/確定/r7/第1回`), read and never written."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from apportion.allocate.instalments import Instalment
from apportion.core.model import Yen, total
from apportion.core.problem import OutputError
from apportion.core.text import name_key
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.charges import read_charges
from apportion.outcome.outcome import Former

FOLDER = "outputs/確定"
RECORD = "確定.json"
CHARGES, INVOICES = "出力/data/charges.csv", "出力/data/invoices.csv"
_NUMBER = re.compile(r"第([0-9]+)回")


@dataclass(frozen=True, slots=True)
class Issues:
    """The sealed issues of a year below `folder`, those before number `before` (None: all).

    A replay of 第n回 looks at those before it: `Issues(folder, before=n)`.
    """

    folder: Path
    before: int | None = None

    @classmethod
    def of(cls, root: Path, year: FiscalYear) -> "Issues":
        """All issues of a year in the workspace `root`."""
        return cls(root / FOLDER / year.code)

    def latest(self, case: Edition | None) -> Path | None:
        """The folder of the latest issue of a case; None where there is none."""
        wanted = str(case) if case else ""
        found = [path for _, path in self.numbered() if case_of(path) == wanted]
        return found[-1] if found else None

    def numbered(self) -> list[tuple[int, Path]]:
        """Numbers and folders of the issues, the first one first."""
        listed = self.folder.iterdir() if self.folder.is_dir() else ()
        named = [(match, path) for path in listed if (match := _NUMBER.fullmatch(path.name))]
        numbers = [(int(match[1]), path) for match, path in named]
        return sorted((n, path) for n, path in numbers if self.before is None or n < self.before)


def case_of(issue: Path) -> str:
    """`補正1`, or empty for the first budget; `OutputError` where the folder is damaged."""
    try:
        record = json.loads((issue / RECORD).read_text(encoding="utf-8"))
        return str(record.get("ケース") or "")
    except (OSError, ValueError, AttributeError) as error:
        raise _damaged(issue / RECORD) from error


def sealed_bytes(issue: Path, name: str) -> bytes:
    """A file of an issue (出力/data/charges.csv) as it was sealed.

    Raises `OutputError` where it is missing or is not what 確定.json vouches for: no amount may rest
    on a file that was changed after it was issued.
    """
    part, _, rest = name.partition("/")
    try:
        data = (issue / name).read_bytes()
        digest = json.loads((issue / RECORD).read_text(encoding="utf-8"))[part][rest]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(issue / name) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise _changed(issue, name)
    return data


def former(issue: Path) -> Former:
    """What an issue billed; `OutputError` where its data are not as they were sealed."""
    rows = read_charges(sealed_bytes(issue, CHARGES))
    try:
        parts = instalments(sealed_bytes(issue, INVOICES))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(issue / INVOICES) from error
    charges: dict[str, dict[str, Yen]] = {}
    for row in rows:
        own, key = charges.setdefault(row.code, {}), name_key(row.project)
        own[key] = total((own.get(key, 0), row.yen))
    return Former(charges=charges, instalments=parts, issue=issue.name)


def instalments(data: bytes) -> tuple[Instalment, ...]:
    """Rows of a data/invoices.csv; ValueError, KeyError or TypeError where it is damaged."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return tuple(_instalment(row) for row in rows)


def _instalment(row: Mapping[str, str]) -> Instalment:
    day = date.fromisoformat(row["納期限"]) if row["納期限"] else None
    return Instalment(row["団体コード"], day, int(row["期"]), total((int(row["請求額_円"]),)))


def _changed(issue: Path, name: str) -> OutputError:
    return OutputError(
        f"確定した請求の {issue / name} が、確定のあとで変わっています。\n"
        f"  直し方: 控えから元に戻してください。何が違うかは: apportion verify {issue}"
    )


def _damaged(path: Path) -> OutputError:
    return OutputError(
        f"確定した請求の {path} を読めません。\n"
        "  直し方: 確定のフォルダーは変えられません。控えから元に戻してください。"
    )
