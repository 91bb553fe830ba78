"""Sealed issues (確定): what was decided and billed, with its 確定.json; read only. `seal` makes them.

An issue is a folder outputs/確定/r7/第1回 with a copy of every input (`入力`, itself a workspace),
a copy of the outputs made from them (`出力`) and 確定.json. Issues of a year are numbered through,
whatever (当初, 補正1 …, 精算) they are of.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from apportion.allocate.instalments import Instalment
from apportion.core.dataclass import dataclass
from apportion.core.model import Tables, total
from apportion.core.problem import OutputError, Problem, Source, tell
from apportion.core.shape import Shape, files, fits, is_day, table_of
from apportion.core.sums import grouped, summed
from apportion.core.text import name_key
from apportion.core.year import SETTLED, Case, Edition, FiscalYear, wareki
from apportion.outcome.charges import ChargeRow, read_charges, rows_of
from apportion.outcome.outcome import Former, Notice
from apportion.outcome.receipts import Receivables
from apportion.outcome.settled import SettlementRow, read_settlement
from apportion.outcome.workspace import Workspace
from apportion.tables.revision import is_later

FOLDER = "outputs/確定"
RECORD = "確定.json"
LIST, LISTED = "確定一覧.xlsx", 2
"""The page for the minutes, which follows from 確定.json; and since which 書式 there is one."""
INPUTS, OUTPUTS = "入力", "出力"
CHARGES, INVOICES = f"{OUTPUTS}/data/charges.csv", f"{OUTPUTS}/data/invoices.csv"
SETTLEMENT = f"{OUTPUTS}/data/settlement.csv"
BILLS = "請求"
"""Key of the bills, by 団体コード of the payer."""
TERMS = "期別"
"""Key, in a bill, of the papers of one 期 each."""
FORMER, ACTED, WITHDRAWN = "前の回の指紋", "決定日", "取り消した回"
FINGERPRINT = "指紋"
"""Key of the SHA-256 of everything before it."""
BEGUN = '{"書きかけ": true}\n'
"""What stands as 確定.json while an issue is written file by file: until it is whole, it is none."""
_BILL: Shape = {"内容": str, "発行日": is_day, "文書番号": str, "整理番号": str}
_SHAPE: Shape = {
    **dict.fromkeys(("プログラム", "年度", "ケース", "備考", FORMER, FINGERPRINT), str),
    **dict.fromkeys(("回", "団体数", "負担金額_円"), int),
    **dict.fromkeys((INPUTS, OUTPUTS), files),
    "日付": is_day,
    BILLS: table_of(_BILL),
}
_NUMBER = re.compile(r"第([0-9]+)回")


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
    return record if fits(record, _SHAPE) and to_bytes(said) == data else None


def _written(record: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue: its number and folder, and what its 確定.json says (`record`).

    `case` is what it is of (None: 当初), `note` 備考 (総会議決), `day` the day that was given for it.
    """

    number: int
    folder: Path
    year: FiscalYear
    case: Case
    note: str
    day: date | None
    record: Mapping[str, Any]

    @property
    def withdraws(self) -> int | None:
        """The number of the issue that this one takes back; None for bills."""
        return self.record.get(WITHDRAWN)

    @property
    def edition(self) -> Edition | None:
        """The budget of bills; None: 当初."""
        return self.case if isinstance(self.case, Edition) else None

    @property
    def is_bill(self) -> bool:
        """Whether something is billed by it: it is no withdrawal and no 精算."""
        return self.withdraws is None and self.case != SETTLED

    @property
    def acted(self) -> date | None:
        """The day of its act: nothing that is decided before it may come after it."""
        text = self.record.get(ACTED)
        return date.fromisoformat(text) if text else self.day

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
    def fingerprint(self) -> str:
        """SHA-256 of its 確定.json, which vouches for each of its files and for the issue before."""
        return str(self.record[FINGERPRINT])

    @property
    def is_listed(self) -> bool:
        """Whether it has a page for the minutes: those of older programs have none."""
        return self.record.get("書式") == LISTED

    @property
    def label(self) -> str:
        """`第1回（令和7年5月30日 総会議決）`."""
        return f"第{self.number}回（{self.words}）"

    @property
    def words(self) -> str:
        """`令和7年5月30日 総会議決`."""
        return f"{wareki(self.day)} {self.note}" if self.day else self.note

    def content(self, name: str) -> bytes:
        """A file of the issue (出力/data/charges.csv) as it was sealed.

        Raises `OutputError` where it is missing or is not what 確定.json vouches for: no amount may
        rest on a file that was changed after it was issued.
        """
        part, _, rest = name.partition("/")
        try:
            data, digest = (self.folder / name).read_bytes(), self.record[part][rest]
        except (OSError, KeyError) as error:
            raise _damaged(self.folder / name) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise _changed(self.folder, name)
        return data

    def charges(self) -> tuple[ChargeRow, ...]:
        """Rows of data/charges.csv; `OutputError` as above."""
        return read_charges(self.content(CHARGES))

    def instalments(self) -> tuple[Instalment, ...]:
        """Rows of data/invoices.csv; `OutputError` as above."""
        try:
            return instalments(self.content(INVOICES))
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(self.folder / INVOICES) from error

    def settlement(self) -> tuple[SettlementRow, ...]:
        """Rows of data/settlement.csv; `OutputError` as above."""
        try:
            return tuple(read_settlement(self.content(SETTLEMENT)))
        except (ValueError, csv.Error) as error:
            raise _damaged(self.folder / SETTLEMENT) from error

    def receivables(self) -> Receivables:
        """What payments are for; `OutputError` as above."""
        return Receivables(
            instalments=self.instalments(),
            edition=self.edition,
            yearly=self.record["負担金額_円"],
            issue=self.label,
            path=self.path,
            names={code: bill["団体名"] for code, bill in self.record[BILLS].items()},
        )

    def billed(self) -> Former:
        """What a 補正 goes on from; `OutputError` as above."""
        owed = grouped((row.code, (name_key(row.project), row.yen)) for row in self.charges())
        charges = {code: summed(own) for code, own in owed.items()}
        return Former(
            charges=charges,
            instalments=self.instalments(),
            issue=f"第{self.number}回",
            notices={code: notice(bill) for code, bill in self.record[BILLS].items()},
        )


def written(held: Notice) -> dict[str, str]:
    """A paper, as 確定.json keeps it."""
    day = held.issued.isoformat() if held.issued else ""
    return {"文書番号": held.document, "整理番号": held.serial, "発行日": day}


def notice(bill: Mapping[str, Any]) -> Notice:
    """The paper of a payer, as 確定.json keeps it."""
    day = date.fromisoformat(bill["発行日"]) if bill["発行日"] else None
    return Notice(bill["文書番号"], bill["整理番号"], day)


def read(folder: Path) -> Issue | None:
    """One issue; None where its 確定.json is not as it was written."""
    try:
        record = from_bytes((folder / RECORD).read_bytes())
    except OSError:
        return None
    year = FiscalYear.parse(record["年度"]) if record else None
    if record is None or year is None:
        return None
    return Issue(
        number=record["回"],
        folder=folder,
        year=year,
        case=SETTLED if record["ケース"] == SETTLED else Edition.parse(record["ケース"]),
        note=record["備考"],
        day=date.fromisoformat(record["日付"]) if record["日付"] else None,
        record=record,
    )


@dataclass(frozen=True)
class Issues:
    """The issues of a year below `folder`, those before number `before` (None: all), read once.

    A replay of 第n回 looks at those before it. Whoever reads an issue gets `OutputError` where one
    of them is damaged: which budget it is of would be a guess.
    """

    folder: Path
    year: FiscalYear
    before: int | None = None

    @classmethod
    def of(cls, root: Path, year: FiscalYear) -> "Issues":
        """All issues of a year in the workspace `root`."""
        return cls(root / FOLDER / year.code, year)

    def __iter__(self) -> Iterator[Issue]:
        """By number."""
        return iter(self._all)

    @cached_property
    def _all(self) -> tuple[Issue, ...]:
        return tuple(map(self._read, self.numbered()))

    def _read(self, place: tuple[int, Path]) -> Issue:
        number, folder = place
        issue = read(folder)
        if issue is None or (issue.year, issue.number) != (self.year, number):
            raise _unread(folder)
        return issue

    def numbered(self) -> list[tuple[int, Path]]:
        """Numbers and folders, read or not."""
        found = numbered(self.folder)
        return [(n, path) for n, path in found if self.before is None or n < self.before]

    def history(self, case: Case) -> tuple[Issue, ...]:
        """What went out of a budget (None: 当初) or of 精算, also if withdrawn, the first one first."""
        return tuple(one for one in self if one.case == case and one.withdraws is None)

    def standing(self) -> tuple[Issue, ...]:
        """Those that hold: neither withdrawn nor a withdrawal."""
        gone = {issue.withdraws for issue in self}
        return tuple(one for one in self if one.withdraws is None and one.number not in gone)

    def bills(self) -> tuple[Issue, ...]:
        """Bills that hold: 精算 is built on them, and no bill on it."""
        return tuple(one for one in self.standing() if one.is_bill)

    def latest(self, case: Case) -> Issue | None:
        """The last one of a budget (None: 当初) or of 精算 that holds; None where there is none."""
        held = [issue for issue in self.standing() if issue.case == case]
        return held[-1] if held else None

    def below(self, tables: Tables, edition: Edition) -> Issue | None:
        """The last that holds of what came before this act; None where nothing of that is sealed."""
        earlier = [one for one in self.bills() if is_later(tables, edition, one.edition)]
        return earlier[-1] if earlier else None

    def newest(self) -> Issue | None:
        """The last bills that hold; None where nothing is sealed."""
        return next(reversed(self.bills()), None)


def is_begun(folder: Path) -> bool:
    """Whether this says of itself that it is no issue: its writing was cut short."""
    try:
        return (folder / RECORD).read_bytes() == BEGUN.encode()
    except OSError:
        return False


def numbered(folder: Path) -> list[tuple[int, Path]]:
    """Numbers and folders of the issues in a folder, the first one first; none that is only begun."""
    listed = folder.iterdir() if folder.is_dir() else ()
    named = [
        (match, path)
        for path in listed
        if (match := _NUMBER.fullmatch(path.name)) and not is_begun(path)
    ]
    return sorted((int(match[1]), path) for match, path in named)


def path_of(year: FiscalYear, number: int) -> str:
    """Folder of an issue below the workspace."""
    return f"{FOLDER}/{year.code}/第{number}回"


def instalments(data: bytes) -> tuple[Instalment, ...]:
    """Rows of a data/invoices.csv; ValueError, KeyError or TypeError where it is damaged."""
    return tuple(map(_instalment, rows_of(data)))


def _instalment(row: Mapping[str, str]) -> Instalment:
    day = date.fromisoformat(row["納期限"]) if row["納期限"] else None
    return Instalment(row["団体コード"], day, int(row["期"]), total((int(row["請求額_円"]),)))


def _unread(folder: Path) -> OutputError:
    return OutputError(
        f"確定した {folder} の {RECORD} を読めません。\n"
        f"  直し方: 控えから戻してください。何が違うかは: apportion verify {folder}"
    )


def _changed(folder: Path, name: str) -> OutputError:
    return OutputError(
        f"確定した請求の {folder / name} が、確定のあとで変わっています。\n"
        f"  直し方: 控えから元に戻してください。何が違うかは: apportion verify {folder}"
    )


def _damaged(path: Path) -> OutputError:
    return OutputError(
        f"確定した請求の {path} を読めません。\n"
        "  直し方: 確定のフォルダーは変えられません。控えから元に戻してください。"
    )


def based_on(workspace: Workspace, before: Edition | None, issue: Issue) -> Iterator[Problem]:
    """What is to be said of the issue that a change is computed upon; `before` is what came before it."""
    edition, source = workspace.edition, Source(file=issue.path)
    assert edition is not None
    if issue.edition != before:
        yield tell("W866", source, before=before, issue=issue.label, year=workspace.year)
    if workspace.day and issue.acted and workspace.day < issue.acted:
        yield tell(
            "W865.sealed",
            source,
            act=edition.column,
            day=wareki(workspace.day),
            above=issue.label,
            former=wareki(issue.acted),
        )


def based_on_nothing(workspace: Workspace, former: Former) -> Iterator[Problem]:
    """That 期 which are past have the yen of the tables of today, as no issue says what they were."""
    day = workspace.day
    if day and any(part.day and part.day <= day for part in former.instalments):
        source = Source(file=f"{FOLDER}/{workspace.year.code}")
        yield tell("W866.none", source, year=workspace.year)
