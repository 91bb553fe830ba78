"""`export data`: the year for other programs, as CSV for the bulk entry of 調定 and as JSON.

Both are described in members/README.md. The same inputs give the same bytes.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from apportion import datafiles
from apportion.allocate.instalments import Instalment
from apportion.case_name import CaseName, folder_name
from apportion.computation import compute
from apportion.model import Member
from apportion.outcome import Outcome
from apportion.problem import OutputError
from apportion.publish import staged
from apportion.reconcile import CONTRIBUTION
from apportion.rulebook.book import DECIDED
from apportion.tables.revision import last
from apportion.workspace import load
from apportion.year import FiscalYear
from apportion.yearly.bridge_json import data_json
from apportion.yearly.papers import of_terms, papers
from apportion.yearly.sealed import newest

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
    case: CaseName | None = None,
    *,
    out: Path | None = None,
    kinds: tuple[str, ...] = tuple(FORMATS),
) -> tuple[Outcome, Path]:
    """Compute a year and write its data (default outputs/r7-データ); the outcome and the folder.

    Without a `case` it is the budget that was sealed last, else the one after the last 補正.
    Raises `InputError`, or `OutputError` where the folder holds something else or cannot be written.
    """
    case = case or _newest(root, year)
    target = out or root / "outputs" / f"{folder_name(year, case)}-データ"
    _refuse_others(target)
    outcome = compute(root, year, case=case)
    with staged(target) as folder:
        if "csv" in kinds:
            (folder / POSTINGS).write_bytes(postings_csv(outcome))
        if "json" in kinds:
            (folder / DATA).write_bytes(data_json(outcome, root))
    return outcome, target


def _newest(root: Path, year: FiscalYear) -> CaseName | None:
    """The budget whose amounts are those of today, as `settle` takes it."""
    if issue := newest(root, year):
        return issue.case
    tables = load(root, year).tables
    return last(tables) if tables else None


def _refuse_others(target: Path) -> None:
    """A folder of somebody else would be moved away as a whole."""
    if not target.exists():
        return
    others = (
        sorted(path.name for path in target.iterdir() if path.name not in FORMATS.values())
        if target.is_dir()
        else [target.name]
    )
    if others:
        message = (
            f"{target} には、ほかのファイルがあります（{others[0]}）。何も書いていません。\n"
            "  直し方: --out に、まだないフォルダーか、前に export data が書いたフォルダーを指定してください。"
        )
        raise OutputError(message)


def postings_csv(outcome: Outcome) -> bytes:
    """調定.csv: a row for each payer and 期 with an amount, before or after a 補正."""
    return datafiles.to_csv(HEADINGS, postings(outcome))


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
        debtor=debtor(member),
        number=slot.number,
        day=slot.day.isoformat() if slot.day and decided else "",
        yen=yen,
        before="",
        change="",
        what=f"{year.label}負担金　第{slot.number}期{'（還付）' if yen < 0 else ''}",
        serial=str(bill.get("整理番号", "")),
        document=str(bill.get("文書番号", "")),
    )


def debtor(member: Member) -> str:
    """`豊橋市長`: the addressee of the bill, without 様."""
    # Loaded here: the words of the form need XlsxWriter.
    from apportion.workbook.invoice_texts import addressee  # noqa: PLC0415

    return addressee(member).removesuffix("　様")
