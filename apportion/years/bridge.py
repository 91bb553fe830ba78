"""`export data`: the year for other programs, as CSV for the bulk entry of 調定 and as JSON.

Both are described in members/README.md. The same inputs give the same bytes.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apportion.allocate.case import LineResult
from apportion.allocate.instalments import Instalment, TermSlot
from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.year import AskedBudget, Edition, FiscalYear, __version__, folder_name
from apportion.outcome import charges
from apportion.outcome.charges import ACCOUNT, ChargeRow
from apportion.outcome.computation import compute
from apportion.outcome.issued import ACCOUNTS, BILLS, FINGERPRINT, TERMS, Issue, Issues
from apportion.outcome.outcome import Equation, Outcome
from apportion.outcome.receipts import Standing, as_of
from apportion.outcome.reconcile import CONTRIBUTION
from apportion.outputs import publish
from apportion.outputs.publish import staged
from apportion.rules.book import DECIDED
from apportion.why.sides import replayed
from apportion.years.issues.papers import papers as papers_of
from apportion.years.issues.reissue import with_reissued
from apportion.years.payments.bills import YearBills, computed_bills, year_bills

FORMAT = 1
"""Goes up when a key changes its meaning or goes; new keys may come at any time."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A year to be exported: of a sealed `issue` what it came to, else what is computed now.

    `inputs` is the workspace that it was computed from, `bills` what payments are for, with the
    tables of today; `before` are the instalments that were registered before (None: none were).
    """

    outcome: Outcome
    inputs: Path
    bills: YearBills
    issue: Issue | None = None
    before: tuple[Instalment, ...] | None = None

    @property
    def papers(self) -> Mapping[str, Mapping[str, Any]]:
        """The paper of each payer, as it was sealed or would be."""
        if self.issue:
            papers: Mapping[str, Mapping[str, Any]] = self.issue.record[BILLS]
            return papers
        return papers_of(self.outcome)


def exported(root: Path, year: FiscalYear, asked: AskedBudget | None = None) -> Exported:
    """The newest sealed issue that holds, or what is asked for; raises as `export`."""
    issues = Issues.of(root, year)
    issue = issues.latest(asked.edition) if asked else issues.newest()
    if issue:
        bills = year_bills(root, year, asked)
        former = Issues(issues.folder, year, before=issue.number).newest()
        before = former.instalments() if former else None
        return Exported(
            outcome=replayed(issue), inputs=issue.inputs, bills=bills, issue=issue, before=before
        )
    computed = compute(root, year, edition=asked.edition if asked else None)
    outcome, bills = with_reissued(computed, root), computed_bills(computed)
    last, revision = issues.newest(), outcome.revision
    before = last.instalments() if last else revision.former.instalments if revision else None
    return Exported(outcome=outcome, inputs=root, bills=bills, before=before)


def data_json(exported: Exported) -> bytes:
    """Bytes of データ.json; the files of the inputs are named with their hashes."""
    outcome, issue = exported.outcome, exported.issue
    record = {
        "書式": FORMAT,
        "プログラム": f"apportion {__version__}",
        "年度": outcome.year.code,
        "年度名": outcome.year.label,
        "西暦": outcome.year.start,
        "ケース": str(outcome.edition or ""),
        "状態": outcome.state,
        "確定": _issue(issue) if issue else None,
        "負担金額_円": outcome.total,
        "団体": [_member(outcome, member) for member in _bodies(outcome)],
        "経費": [_line(result) for result in outcome.results],
        "負担": [_charge(row) for row in charges.charge_rows(outcome.year, outcome.charges)],
        "請求": list(_instalments(outcome)),
        "収納": _receipts(exported.bills),
        "突合": [_equation(equation) for equation in outcome.equations],
        "入力": {path: publish.digest(exported.inputs / path) for path in sorted(outcome.files)},
    }
    return f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()


def _issue(issue: Issue) -> Record:
    return {
        "回": issue.number,
        "日付": _iso(issue.day),
        "備考": issue.note,
        "指紋": issue.record[FINGERPRINT],
    }


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
            **_of_account(part.account),
        }


def _of_account(account: str) -> Record:
    """The 会計 of a bill; nothing where bills are not divided."""
    return {ACCOUNT: account} if account else {}


def _receipts(bills: YearBills) -> Record | None:
    """What is paid and open, as of the last payment; None where no payment is known."""
    payments = bills.tables.payments
    if not payments:
        return None
    on = as_of(payments)
    return {"現在": on.isoformat(), "状況": [_standing(one, on) for one in bills.standings]}


def _standing(standing: Standing, on: date) -> Record:
    return {
        "団体コード": standing.code,
        "期": standing.number,
        "納期限": _iso(standing.day),
        "調定額_円": standing.owed,
        "納入済額_円": standing.paid,
        "未納額_円": standing.open,
        "状態": standing.state(on),
        **_of_account(standing.account),
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
    before: int | str  # empty where nothing was registered before
    change: int | str
    what: str
    serial: str
    document: str


def export(
    root: Path,
    year: FiscalYear,
    asked: AskedBudget | None = None,
    *,
    out: Path | None = None,
    kinds: tuple[str, ...] = tuple(FORMATS),
) -> tuple[Exported, Path]:
    """Write the data of a year (default outputs/r7-データ); what it is of, and the folder.

    Without `asked` it is what was sealed last, as it was sealed; else the first budget as computed.
    Raises `InputError`, or `OutputError` where the folder holds something else or cannot be written.
    """
    found = exported(root, year, asked)
    edition = found.outcome.edition
    target = out or root / "outputs" / f"{folder_name(year, edition)}-データ"
    ours = _foreign(year, edition)
    publish.refuse_inputs(target, root)
    publish.refuse_others(target, ours)
    with staged(target, ours) as folder:
        if "csv" in kinds:
            (folder / POSTINGS).write_bytes(postings_csv(found))
        if "json" in kinds:
            (folder / DATA).write_bytes(data_json(found))
    return found, target


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


def postings_csv(exported: Exported) -> bytes:
    """調定.csv: a row for each payer and 期 with an amount, now or as it was registered before."""
    return charges.to_csv(HEADINGS, postings(exported))


def postings(exported: Exported) -> Iterator[Posting]:
    """Rows of 調定.csv, by payer and 納期限; their 金額 add up to the charges of the year."""
    outcome, papers, former = exported.outcome, exported.papers, exported.before
    now = {part.slot: part.yen for part in outcome.instalments}
    before = {part.slot: part.yen for part in former or ()}
    for slot in sorted(now.keys() | before.keys(), key=_order):
        yen, old = now.get(slot, 0), before.get(slot, 0)
        if yen or old:
            paper = papers.get(slot.code, {})
            paper = paper.get(ACCOUNTS, {}).get(slot.account, paper)
            paper = paper.get(TERMS, {}).get(str(slot.number), paper)
            posting = _posting(outcome, slot, yen, paper)
            yield posting if former is None else posting._replace(before=old, change=yen - old)


def _order(slot: TermSlot) -> tuple[str, date, int, str]:
    return slot.code, slot.day or date.max, slot.number, slot.account


def _posting(outcome: Outcome, slot: TermSlot, yen: int, bill: Mapping[str, Any]) -> Posting:
    member, year = outcome.tables.by_code[slot.code], outcome.year
    decided = outcome.state == DECIDED
    return Posting(
        state=outcome.state,
        year=year.label,
        western=year.start,
        account=slot.account or outcome.book.only_account,
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
