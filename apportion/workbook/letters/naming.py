"""What a paper is called: its file, its title as a document, and whose it is at the foot of its pages."""

import re
import unicodedata

from apportion.core.model import Member
from apportion.outcome.outcome import Outcome

COLLECTED, COLLECTED_SETTLED = "_請求", "_代表"
"""End of the file name of a bill, and of a 精算書, to a payer of more than its own."""

_HEAD = re.compile(r"\s+\S*(?:長|者|代表|理事)$")
"""The office of who issues the bills, behind the name of the council."""


def council(outcome: Outcome) -> str:
    """Name of the council: 発行者 of ■請求書 without its office; empty where nobody is named."""
    issuers = (file.invoice.get("発行者", ()) for file in outcome.book.common)
    return next((_HEAD.sub("", line.text) for lines in issuers for line in lines), "")


def of(outcome: Outcome) -> str:
    """`あいち電子自治体推進協議会　当初予算`: whose paper it is, and of which budget."""
    return "　".join(filter(None, (council(outcome), outcome.account, _budget(outcome))))


def _budget(outcome: Outcome) -> str:
    """Of which budget an outcome is; a settlement is of the accounts."""
    if outcome.settled:
        return "決算"
    return f"{outcome.edition.column}のあと" if outcome.edition else "当初予算"


def document_title(outcome: Outcome, kind: str = "") -> str:
    """`あいち電子自治体推進協議会 令和7年度 負担金`: what a window shows above a PDF."""
    change = f" {outcome.edition.column}" if outcome.edition else ""
    settled = "の精算" if outcome.settled else ""
    account = f" {outcome.account}" if outcome.account else ""
    named = f"{outcome.year.label} 負担金{settled}{change}{account}"
    return " ".join(filter(None, (council(outcome), named, kind)))


def subject(outcome: Outcome) -> str:
    """`令和7年度負担金`, `令和7年度負担金変更_補正1`, `令和7年度負担金精算`: in each file name.

    The paper of a 会計 names it at the end. Whoever keeps the files of several years in one folder loses none.
    """
    kind = "精算" if outcome.settled else f"変更_{outcome.edition}" if outcome.edition else ""
    account = f"_{outcome.account}" if outcome.account else ""
    return f"{outcome.year.label}負担金{kind}{account}"


_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_LONGEST_NAME = 150
"""Bytes; with code, subject and ending it stays below the 255 of most systems."""


def stem_of(outcome: Outcome, member: Member) -> str:
    """`232017_豊橋市_令和7年度負担金`: safe on every system.

    The code keeps equal names apart and makes names like CON harmless.
    """
    # macOS takes names apart (か and ゛): one spelling everywhere.
    composed = unicodedata.normalize("NFC", member.name)
    seen = ("_" if unicodedata.category(sign) in _UNSEEN else sign for sign in composed)
    name = _FORBIDDEN.sub("_", "".join(seen))
    short = name.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" .")
    return f"{member.code}_{short}_{subject(outcome)}"


def file_name(outcome: Outcome, member: Member, ending: str = "") -> str:
    """`232017_豊橋市_令和7年度負担金.xlsx`: the workbook of a member, or one behind it."""
    return f"{stem_of(outcome, member)}{ending}.xlsx"
