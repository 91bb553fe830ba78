"""Every letter of an outcome with its number: the one list that what is written, sealed and listed follows.

A body that a 補正 leaves as it was gets none, and of a bill of one 期 that is issued again only the 期
that are others now.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.core.model import Member
from apportion.outcome.outcome import Outcome
from apportion.rules.book import DECIDED
from apportion.workbook.letters import bill, collected_settled
from apportion.workbook.letters.layout import TOGETHER
from apportion.workbook.letters.naming import COLLECTED, COLLECTED_SETTLED, file_name, stem_of
from apportion.workbook.letters.words import billed_elsewhere, by_instalment


class Letter(NamedTuple):
    """A workbook to a body: its number, its file, and the yen it asks for (None: for nothing).

    `part` is the 期 that it is of (None: all); `together`: it is to a 代表, besides its own workbook.
    `account` is the 会計 that it is of, where bills are divided.
    """

    member: Member
    number: int
    file: str
    yen: int | None
    part: Instalment | None = None
    together: bool = False
    account: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it is the workbook of the body itself."""
        return self.part is None and not self.together

    @property
    def ending(self) -> str:
        """End of its 整理番号."""
        if self.part is not None:
            return f"-第{self.part.number}期"
        return TOGETHER if self.together else ""


def letters(outcome: Outcome) -> tuple[Letter, ...]:
    """All letters: the workbook of each member, then those to a 代表 or of one 期; 会計 by 会計.

    Numbers count those that are left out as well, so that a body keeps its own all year.
    """
    listed = [
        one._replace(account=own.account) for own in outcome.papers for one in _letters_of(own)
    ]
    numbered = (one._replace(number=number) for number, one in enumerate(listed, start=1))
    return tuple(one for one in numbered if _is_sent(outcome.of_account(one.account), one))


def _letters_of(outcome: Outcome) -> list[Letter]:
    others = _to_leads(outcome) if outcome.settled else _others(outcome)
    return [*_own(outcome), *others]


def _own(outcome: Outcome) -> list[Letter]:
    return [
        Letter(member, 0, file_name(outcome, member), _asked(outcome, member))
        for member in outcome.members
    ]


def _asked(outcome: Outcome, member: Member) -> int | None:
    """What the own workbook of a member asks for; None where another one does."""
    code = member.code
    if outcome.settled or code not in outcome.billed or billed_elsewhere(outcome, member):
        return None
    return framed(outcome, code)


def framed(outcome: Outcome, code: str) -> int:
    """Yen that a payer is asked for now: of the year, or what is open after a 補正."""
    terms = bill.open_terms(outcome, code)
    return sum(part.yen for part in terms) if terms else outcome.billed_to(code)


def needed(outcome: Outcome) -> tuple[Member, ...]:
    """Payers who are billed for other charges than just their own."""
    return tuple(
        payer
        for payer in outcome.payers
        if outcome.billed[payer.code] != outcome.by_member.get(payer.code, ())
    )


def _others(outcome: Outcome) -> list[Letter]:
    """Bills besides the own workbooks: of each 期 (請求の単位: 期ごと), else those to a 代表."""
    if not by_instalment(outcome):
        return [
            Letter(
                payer,
                0,
                file_name(outcome, payer, COLLECTED),
                framed(outcome, payer.code),
                together=True,
            )
            for payer in needed(outcome)
        ]
    members = outcome.tables.by_code
    return [
        Letter(
            members[part.code],
            0,
            _part_name(stem_of(outcome, members[part.code]), part),
            part.yen,
            part,
        )
        for part in outcome.instalments
        if part.yen > 0
    ]


def _to_leads(outcome: Outcome) -> list[Letter]:
    return [
        Letter(payer, 0, file_name(outcome, payer, COLLECTED_SETTLED), None, together=True)
        for payer in collected_settled.needed(outcome)
    ]


def _part_name(stem: str, part: Instalment) -> str:
    """`第1期/232017_豊橋市_令和7年度負担金_第1期.xlsx`."""
    return f"第{part.number}期/{stem}_第{part.number}期.xlsx"


def _is_sent(outcome: Outcome, letter: Letter) -> bool:
    code = letter.member.code
    if letter.part is not None:
        again = outcome.reissue_of(code)
        return again is None or letter.part not in again.kept
    if outcome.revision is None:
        return True
    members = {charge.member.code for charge in outcome.billed[code]} if letter.together else {code}
    respread = letter.yen is not None and bill.is_respread(outcome, code)
    return respread or any(bill.is_changed(outcome, own) for own in members)


def days(outcome: Outcome, letter: Letter) -> Iterator[date | None]:
    """納期限 of what a letter asks for."""
    own = outcome.of_account(letter.account)
    parts = (letter.part,) if letter.part else bill.dated_by(own, letter.member.code)
    yield from (part.day for part in parts)


def asked_by(outcome: Outcome) -> Mapping[Instalment, str]:
    """The workbook that asks for each instalment; none for what was billed before and stays."""
    listed = letters(outcome)
    by_part = {one.part: one.file for one in listed if one.part}
    whole = (one for one in listed if not one.part and one.yen is not None)
    by_payer = {(one.member.code, one.account): one.file for one in whole}
    decided = outcome.revision if outcome.state == DECIDED else None
    found = {
        part: by_part.get(part) or by_payer.get((part.code, part.account), "")
        for part in outcome.instalments
        if decided is None or part not in decided.stays
    }
    return {part: file for part, file in found.items() if file}
