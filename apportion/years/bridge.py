"""`export data`: the year for other programs, as CSV for the bulk entry of 調定 and as JSON.

Both are described in members/README.md. The same inputs give the same bytes.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apportion.allocate.case import LineResult
from apportion.allocate.instalments import Instalment
from apportion.core.model import Member
from apportion.core.year import Edition, FiscalYear, __version__, folder_name
from apportion.outcome import charges
from apportion.outcome.charges import ChargeRow
from apportion.outcome.computation import compute
from apportion.outcome.issued import Issues
from apportion.outcome.outcome import Equation, Outcome
from apportion.outcome.receipts import Standing, as_of, standings
from apportion.outcome.reconcile import CONTRIBUTION
from apportion.outcome.workspace import load
from apportion.outputs import publish
from apportion.outputs.publish import staged
from apportion.rules.book import DECIDED
from apportion.tables.revision import last
from apportion.years.issues.seal import of_terms, papers

FORMAT = 1
"""Goes up when a key changes its meaning or goes; new keys may come at any time."""

Record = dict[str, Any]


def data_json(outcome: Outcome, root: Path) -> bytes:
    """Bytes of データ.json; `root` is the workspace, whose files are named with their hashes."""
    record = {
        "書式": FORMAT,
        "プログラム": f"apportion {__version__}",
        "年度": outcome.year.code,
        "年度名": outcome.year.label,
        "西暦": outcome.year.start,
        "ケース": str(outcome.edition or ""),
        "状態": outcome.state,
        "負担金額_円": outcome.total,
        "団体": [_member(outcome, member) for member in _bodies(outcome)],
        "経費": [_line(result) for result in outcome.results],
        "負担": [_charge(row) for row in charges.charge_rows(outcome.year, outcome.charges)],
        "請求": list(_instalments(outcome)),
        "収納": _receipts(outcome),
        "突合": [_equation(equation) for equation in outcome.equations],
        "入力": {path: publish.digest(root / path) for path in sorted(outcome.files)},
    }
    return f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()


def _bodies(outcome: Outcome) -> list[Member]:
    """Everybody who is charged or invoiced, in code order."""
    found = {member.code: member for member in (*outcome.members, *outcome.payers)}
    return [found[code] for code in sorted(found)]


def _member(outcome: Outcome, member: Member) -> Record:
    return {
        "団体コード": member.code,
        "団体名": member.name,
        "団体区分": member.kind,
        "負担金額_円": outcome.total_of(member.code),
        "請求額_円": outcome.billed_to(member.code),
    }


def _line(result: LineResult) -> Record:
    line, case = result.case.line, result.case
    return {
        "事業区分": line.category,
        "事業": line.project,
        "経費": line.name,
        "予算額_円": line.amount,
        "対象額_円": result.base,
        "負担金額_円": sum(result.yen),
        "参加団体数": case.size,
        "規則": case.expense.source.short(),
        "予算": line.source.short(),
    }


def _charge(row: ChargeRow) -> Record:
    return {
        "団体コード": row.code,
        "事業": row.project,
        "経費": row.line,
        "正確額_円": str(row.exact),
        "負担金額_円": row.yen,
        "端数加算_円": row.added,
    }


def _instalments(outcome: Outcome) -> Iterator[Record]:
    for part in outcome.instalments:
        yield {
            "団体コード": part.code,
            "期": part.number,
            "納期限": _iso(part.day),
            "金額_円": part.yen,
        }


def _receipts(outcome: Outcome) -> Record | None:
    """What is paid and open, as of the last payment; None where no payment is known."""
    payments = outcome.tables.payments
    if not payments:
        return None
    on = as_of(payments)
    found = standings(outcome.instalments, payments)
    return {"現在": on.isoformat(), "状況": [_standing(standing, on) for standing in found]}


def _standing(standing: Standing, on: date) -> Record:
    return {
        "団体コード": standing.code,
        "期": standing.number,
        "納期限": _iso(standing.day),
        "調定額_円": standing.owed,
        "納入済額_円": standing.paid,
        "未納額_円": standing.open,
        "状態": standing.state(on),
    }


def _equation(equation: Equation) -> Record:
    return {
        "範囲": equation.level,
        "式": equation.name,
        "左辺_円": equation.left,
        "右辺_円": equation.right,
        "差_円": equation.difference,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


POSTINGS, DATA = "調定.csv", "データ.json"
FORMATS = {"csv": POSTINGS, "json": DATA}
ACCOUNT = "一般会計"

HEADINGS = (
    *("状態", "年度", "所属年度（西暦）", "会計", "科目", "団体コード", "団体名", "債務者名"),
    *("期", "納期限", "金額_円", "補正前_円", "増減_円", "摘要", "整理番号", "文書番号"),
)


class Posting(NamedTuple):
    """A row of 調定.csv, in the order of its headings."""

    state: str
    year: str
    western: int
    account: str
    subject: str
    code: str
    name: str
    debtor: str
    number: int
    day: str
    yen: int
    before: int | str  # empty without a 補正
    change: int | str
    what: str
    serial: str
    document: str


def export(
    root: Path,
    year: FiscalYear,
    edition: Edition | None = None,
    *,
    out: Path | None = None,
    kinds: tuple[str, ...] = tuple(FORMATS),
) -> tuple[Outcome, Path]:
    """Compute a year and write its data (default outputs/r7-データ); the outcome and the folder.

    Without an `edition` it is the budget that was sealed last, else the one after the last 補正.
    Raises `InputError`, or `OutputError` where the folder holds something else or cannot be written.
    """
    edition = edition or _newest(root, year)
    target = out or root / "outputs" / f"{folder_name(year, edition)}-データ"
    ours = _foreign(year, edition)
    publish.refuse_inputs(target, root)
    publish.refuse_others(target, ours)
    outcome = compute(root, year, edition=edition)
    with staged(target, ours) as folder:
        if "csv" in kinds:
            (folder / POSTINGS).write_bytes(postings_csv(outcome))
        if "json" in kinds:
            (folder / DATA).write_bytes(data_json(outcome, root))
    return outcome, target


def _newest(root: Path, year: FiscalYear) -> Edition | None:
    """The budget whose amounts are those of today, as `settle` takes it."""
    if issue := Issues.of(root, year).newest():
        return issue.edition
    tables = load(root, year).tables
    return last(tables) if tables else None


def _foreign(year: FiscalYear, edition: Edition | None) -> publish.Foreign:
    """Foreign to `export data`: all but its two files, of this 年度 and (as far as told) ケース."""

    def foreign(folder: Path) -> str:
        if not folder.is_dir():
            return "フォルダーではありません"
        if more := publish.unlisted(folder, set(FORMATS.values())):
            return more
        told = {POSTINGS: _of_postings, DATA: _of_data}
        wrong = (
            f"{name} は、{year.label}の export data が書いたものではありません"
            for name, written in told.items()
            if (folder / name).exists() and not written((folder / name).read_bytes(), year, edition)
        )
        return next(wrong, "")

    return foreign


def _of_postings(data: bytes, year: FiscalYear, _: Edition | None) -> bool:
    """Whether 調定.csv was written for a year; which budget it is of does not stand in it."""
    try:
        rows = charges.rows_of(data)
    except ValueError:
        return False
    headings = data.decode("utf-8-sig").partition("\r\n")[0]
    return headings == ",".join(HEADINGS) and all(row["年度"] == year.label for row in rows)


def _of_data(data: bytes, year: FiscalYear, edition: Edition | None) -> bool:
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return False
    said = [record.get(key) for key in ("年度", "ケース")] if isinstance(record, dict) else []
    return said == [year.code, str(edition or "")]


def postings_csv(outcome: Outcome) -> bytes:
    """調定.csv: a row for each payer and 期 with an amount, before or after a 補正."""
    return charges.to_csv(HEADINGS, postings(outcome))


def postings(outcome: Outcome) -> Iterator[Posting]:
    """Rows of 調定.csv, by payer and 納期限; their 金額 add up to the charges of the year."""
    bills, terms = papers(outcome), {_slot(part): x for part, x in of_terms(outcome).items()}
    now = {_slot(part): part.yen for part in outcome.instalments}
    former = outcome.revision.former.instalments if outcome.revision else ()
    before = {_slot(part): part.yen for part in former}
    for slot in sorted(now.keys() | before.keys(), key=_order):
        yen, old = now.get(slot, 0), before.get(slot, 0)
        if yen or old:
            posting = _posting(outcome, slot, yen, terms.get(slot) or bills.get(slot.code, {}))
            yield posting._replace(before=old, change=yen - old) if outcome.revision else posting


class _Slot(NamedTuple):
    """An instalment without its amount."""

    code: str
    day: date | None
    number: int


def _slot(part: Instalment) -> _Slot:
    return _Slot(part.code, part.day, part.number)


def _order(slot: _Slot) -> tuple[str, date, int]:
    return slot.code, slot.day or date.max, slot.number


def _posting(outcome: Outcome, slot: _Slot, yen: int, bill: Mapping[str, str | int]) -> Posting:
    member, year = outcome.tables.by_code[slot.code], outcome.year
    decided = outcome.state == DECIDED
    return Posting(
        state=outcome.state,
        year=year.label,
        western=year.start,
        account=ACCOUNT,
        subject=CONTRIBUTION,
        code=member.code,
        name=member.name,
        debtor=member.head,
        number=slot.number,
        day=slot.day.isoformat() if slot.day and decided else "",
        yen=yen,
        before="",
        change="",
        what=f"{year.label}負担金　第{slot.number}期{'（還付）' if yen < 0 else ''}",
        serial=str(bill.get("整理番号", "")),
        document=str(bill.get("文書番号", "")),
    )
