"""データ.json: an outcome for other programs. Yen are whole numbers, exact amounts are texts (`1234/7`)."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from apportion import __version__, datafiles, manifest
from apportion.allocate.case import LineResult
from apportion.datafiles import ChargeRow
from apportion.model import Member
from apportion.outcome import Equation, Outcome
from apportion.receipts import Standing, as_of, standings

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
        "ケース": str(outcome.case or ""),
        "状態": outcome.state,
        "負担金額_円": outcome.total,
        "団体": [_member(outcome, member) for member in _bodies(outcome)],
        "経費": [_line(result) for result in outcome.results],
        "負担": [_charge(row) for row in datafiles.charge_rows(outcome)],
        "請求": list(_instalments(outcome)),
        "収納": _receipts(outcome),
        "突合": [_equation(equation) for equation in outcome.equations],
        "入力": {path: manifest.digest(root / path) for path in sorted(outcome.files)},
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
