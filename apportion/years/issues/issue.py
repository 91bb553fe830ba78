"""Sealed issues (確定): what was decided and billed, with its 確定.json; read only. `seal` makes them.

An issue is a folder outputs/確定/r7/第1回 with a copy of every input (`入力`, itself a workspace),
a copy of the outputs made from them (`出力`) and 確定.json. Issues of a year are numbered through,
whichever budget (当初, 補正1 …) they are of.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from apportion.allocate.instalments import Instalment
from apportion.core.problem import OutputError
from apportion.core.year import Edition, FiscalYear, place, wareki
from apportion.outcome import issued
from apportion.outcome.charges import ChargeRow, read_charges
from apportion.outcome.issued import FOLDER, RECORD, Issues

FINGERPRINT = "指紋"
"""Key of the SHA-256 of everything before it."""


def to_bytes(record: Mapping[str, Any]) -> bytes:
    """The record with its fingerprint."""
    return _written({**record, FINGERPRINT: hashlib.sha256(_written(record)).hexdigest()})


def from_bytes(data: bytes) -> dict[str, Any] | None:
    """The record; None unless `data` are exactly the bytes that were written."""
    try:
        record = json.loads(data)
        said = {key: value for key, value in record.items() if key != FINGERPRINT}
    except (ValueError, AttributeError, RecursionError):
        return None
    return record if to_bytes(said) == data else None


def _written(record: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()


INPUTS, OUTPUTS = "入力", "出力"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An issue: its number and folder, and what its 確定.json says (`record`).

    `case` is its budget (None: 当初), `note` 備考 (総会議決), `day` the day that was given for it.
    """

    number: int
    folder: Path
    year: FiscalYear
    case: Edition | None
    note: str
    day: date | None
    record: Mapping[str, Any]

    @property
    def inputs(self) -> Path:
        """A workspace: what the issue was computed from."""
        return self.folder / INPUTS

    @property
    def outputs(self) -> Path:
        """Copy of outputs/r7 as it was issued."""
        return self.folder / OUTPUTS

    @property
    def path(self) -> str:
        """Folder below the workspace."""
        return path_of(self.year, self.number)

    @property
    def program(self) -> str:
        """Version that made it: `apportion 0.1.0`."""
        return str(self.record["プログラム"])

    @property
    def label(self) -> str:
        """`第1回（令和7年5月30日 総会議決）`."""
        return f"第{self.number}回（{self.words}）"

    @property
    def words(self) -> str:
        """`令和7年5月30日 総会議決`."""
        return f"{wareki(self.day)} {self.note}" if self.day else self.note

    def charges(self) -> tuple[ChargeRow, ...]:
        """Rows of data/charges.csv; `OutputError` where it was changed after sealing."""
        return read_charges(issued.sealed_bytes(self.folder, issued.CHARGES))

    def instalments(self) -> tuple[Instalment, ...]:
        """Rows of data/invoices.csv; `OutputError` where it was changed after sealing."""
        return issued.former(self.folder).instalments


def latest(root: Path, year: FiscalYear, case: Edition | None = None) -> Sealed | None:
    """The last issue of a budget of the year (None: 当初); None where none is sealed.

    Raises `OutputError` where an issue was damaged.
    """
    return next(reversed(history(root, year, case)), None)


def newest(root: Path, year: FiscalYear) -> Sealed | None:
    """The last issue of the last budget that was sealed at all; `OutputError` as above."""
    return max(every(root, year), key=lambda one: (place(one.case), one.number), default=None)


def history(root: Path, year: FiscalYear, case: Edition | None = None) -> tuple[Sealed, ...]:
    """All issues of a budget of the year, the first one first; `OutputError` as above."""
    return tuple(one for one in every(root, year) if one.case == case)


def every(root: Path, year: FiscalYear) -> Iterator[Sealed]:
    """All issues of a year, by number; `OutputError` as above."""
    for number, folder in Issues.of(root, year).numbered():
        sealed = read(folder)
        if sealed is None or (sealed.year, sealed.number) != (year, number):
            message = (
                f"確定した {folder} の {RECORD} を読めません。\n"
                f"  直し方: 控えから戻してください。何が違うかは: apportion verify {folder}"
            )
            raise OutputError(message)
        yield sealed


def read(folder: Path) -> Sealed | None:
    """One issue; None where its 確定.json is not as it was written."""
    try:
        record = from_bytes((folder / RECORD).read_bytes())
    except OSError:
        return None
    year = FiscalYear.parse(record["年度"]) if record else None
    if record is None or year is None:
        return None
    return Sealed(
        number=record["回"],
        folder=folder,
        year=year,
        case=Edition.parse(record["ケース"]),
        note=record["備考"],
        day=date.fromisoformat(record["日付"]) if record["日付"] else None,
        record=record,
    )


def path_of(year: FiscalYear, number: int) -> str:
    """Folder of an issue below the workspace."""
    return f"{FOLDER}/{year.code}/第{number}回"
