"""注意 about payments that do not fit the bills. No payment ever changes a bill."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from apportion.allocate.instalments import Instalment
from apportion.case_name import CaseName
from apportion.language import days_before_due
from apportion.model import Payment, Tables
from apportion.problem import Problem
from apportion.receipts import Standing, standings
from apportion.rulebook.book import RuleBook, Scope
from apportion.tables.revision import cases
from apportion.year import parse_date, wareki

_SAME = "納入は、請求の額を変えません。"


def beside_bills(
    tables: Tables, book: RuleBook, instalments: Sequence[Instalment], case: CaseName | None
) -> Iterator[Problem]:
    """Payments for what was not billed, beyond a bill, or paid back beyond what was paid.

    Nothing is said of a budget that a later 補正 has changed: payments follow the last bills.
    """
    if not instalments or (case or None) != (cases(tables) or (None,))[-1]:
        return
    issued = {} if case else _issued(book, instalments)
    for standing in standings(instalments, tables.payments):
        name = tables.by_code[standing.code].name
        early = [p for p in standing.payments if p.day < issued.get(p.code, date.min)]
        if early:
            yield _early(early[0], name, issued[standing.code])
        if not standing.billed:
            yield _not_billed(standing, name, instalments)
        elif standing.paid < min(0, standing.owed):
            yield _paid_back(standing, name)
        elif standing.open < 0 <= standing.owed:
            yield _beyond(standing, name)


def _issued(book: RuleBook, instalments: Sequence[Instalment]) -> dict[str, date]:
    """発行日 of each payer's bill, where one is written."""
    said = Scope((*book.common, *book.files)).invoice("発行日")
    before = days_before_due(said[0].text) if said else None
    found: dict[str, date] = {}
    for part in instalments:
        if part.day and before is not None:
            day = part.day - timedelta(days=before)
            found[part.code] = min(day, found.get(part.code, day))
        elif said and (fixed := parse_date(said[0].text)):
            found[part.code] = fixed
    return found


def _early(payment: Payment, name: str, issued: date) -> Problem:
    return Problem(
        code="W920",
        source=payment.source,
        what=f"{name}の納入日（{wareki(payment.day)}）が、請求書の発行日（{wareki(issued)}）より前です。",
        why="日付の誤りか、前の年度の納入かもしれません。",
        fix="日付を確かめてください。請求の前に納めたものなら、このままでかまいません。",
    )


def _not_billed(standing: Standing, name: str, instalments: Sequence[Instalment]) -> Problem:
    own = sorted({part.number for part in instalments if part.code == standing.code})
    listed = "、".join(f"第{number}期" for number in own)
    return Problem(
        code="W915",
        source=standing.payments[0].source,
        what=f"{name}に、第{standing.number}期の請求はありません。",
        why=f"{name}に請求するのは{listed}です。"
        if own
        else f"{name}には請求していません。まとめて請求するときは、代表の団体の納入にします。",
        fix=f"期か団体の誤りなら直してください。この団体に請求する期: {listed}"
        if own
        else "代表の団体の納入として書いてください。団体の誤りなら直してください。",
    )


def _paid_back(standing: Standing, name: str) -> Problem:
    return Problem(
        code="W917",
        source=standing.payments[-1].source,
        what=f"{name}の第{standing.number}期の納入の計が {_yen(standing.paid)} です。",
        why=f"戻した額が、納めた額より多くなっています（請求額は {_yen(standing.owed)}）。{_SAME}",
        fix="戻出はマイナスの額で書きます。符号と額を確かめてください。",
    )


def _beyond(standing: Standing, name: str) -> Problem:
    return Problem(
        code="W916",
        source=standing.payments[-1].source,
        what=f"{name}の第{standing.number}期の納入の計 {_yen(standing.paid)} が、"
        f"請求額 {_yen(standing.owed)} より {_yen(-standing.open)} 多くなっています。",
        why=f"納めすぎか、別の期や別の団体の納入です。{_SAME}",
        fix="期、団体、額を確かめてください。納めすぎなら、戻したときに"
        f"「{standing.code},{name},{standing.number},（戻した日）,{standing.open}」の行を足してください。",
    )


def _yen(amount: int) -> str:
    return f"△{-amount:,}円" if amount < 0 else f"{amount:,}円"
