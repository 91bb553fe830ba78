"""What 確定.json keeps of an outcome: the paper that each payer holds, its sums, its act, its inputs."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from apportion.allocate.instalments import Instalment
from apportion.core.year import FIRST
from apportion.outcome.issued import ACCOUNTS, ACTED, BILLS, INPUTS, TERMS, notice, written
from apportion.outcome.outcome import NO_NOTICE, Notice, Outcome
from apportion.tables.revision import act_of
from apportion.workbook.letters.naming import council
from apportion.years.issues.reissue import asked, contents, digests


def facts(outcome: Outcome, root: Path) -> dict[str, Any]:
    """All that follows from the outcome and its inputs below `root`."""
    day = acted(outcome)
    return {
        "年度": outcome.year.code,
        "名称": council(outcome),
        "ケース": str(outcome.case or ""),
        ACTED: day.isoformat() if day else "",
        "団体数": len(outcome.members),
        "負担金額_円": outcome.total,
        BILLS: papers(outcome),
        INPUTS: digests(outcome, root),
    }


def acted(outcome: Outcome) -> date | None:
    """The day of the act: that of a 補正, or what the table 決定 says of 当初 or 精算."""
    if outcome.revision:
        return outcome.revision.day
    act = act_of(outcome.tables, act_key(outcome))
    return act.day if act else None


def act_key(outcome: Outcome) -> str:
    """As the rows of the table 決定 are found: 補正1, 当初, 精算."""
    return str(outcome.case or FIRST)


def papers(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """The paper that each payer (of 精算: each body) holds, by 団体コード, as 確定.json keeps it.

    Where bills are divided, those of each 会計 stand below what they come to together.
    """
    listed = _papers(outcome)
    parts = {own.account: _held(own, listed) for own in outcome.papers}
    if not outcome.book.accounts:
        return parts[""]
    content = contents(outcome)
    return {code: _divided(outcome, code, parts, content[code]) for code in content}


def _divided(
    outcome: Outcome, code: str, parts: Mapping[str, Mapping[str, Any]], content: str
) -> dict[str, Any]:
    """The papers of a payer as one, and each by its 会計."""
    own = {account: held[code] for account, held in parts.items() if code in held}
    return {
        "団体名": outcome.tables.by_code[code].name,
        "請求額_円": asked(outcome, code),
        **written(_joined([notice(bill) for bill in own.values()])),
        "内容": content,
        ACCOUNTS: own,
    }


def _held(outcome: Outcome, listed: "Papers") -> dict[str, dict[str, Any]]:
    """The paper of each payer where all of it is on one.

    Whom a 補正 leaves as it was holds the one that it had.
    """
    content = contents(outcome)
    former = outcome.revision.former.notices if outcome.revision else {}
    found: dict[str, dict[str, Any]] = {}
    for code in content:
        key = code, outcome.account
        own = [held for _, held in listed.get(key, ())]
        paper = _joined(own) if own else former.get(key, NO_NOTICE)
        found[code] = {
            "団体名": outcome.tables.by_code[code].name,
            "請求額_円": asked(outcome, code),
            **written(paper),
            "内容": content[code],
        }
    for part, held in _of_terms(outcome, listed).items():
        found[part.code].setdefault(TERMS, {})[str(part.number)] = written(held)
    return found


Papers = Mapping[tuple[str, str], Sequence[tuple[Instalment | None, Notice]]]
"""By body and 会計 its papers, each with its 期 (None: of the year)."""


def _of_terms(outcome: Outcome, listed: Papers) -> dict[Instalment, Notice]:
    """The bills that ask for one 期 each; none where a bill is of the year."""
    own = {
        part: held
        for (_, account), papers in listed.items()
        for part, held in papers
        if part is not None and account == outcome.account
    }
    kept = (
        again.kept
        for (code, account), again in outcome.reissued.items()
        if code in outcome.billed and account == outcome.account
    )
    return {part: held for each in (*kept, own) for part, held in each.items()}


def _papers(outcome: Outcome) -> Papers:
    """The papers that ask for something, and all of 精算."""
    # Loaded here: only sealing needs the words of the form.
    from apportion.workbook.letters.sent import days, letters  # noqa: PLC0415
    from apportion.workbook.letters.words import Words  # noqa: PLC0415

    words = {own.account: Words(own) for own in outcome.papers}
    found: dict[tuple[str, str], list[tuple[Instalment | None, Notice]]] = {}
    for one in letters(outcome):
        if one.yen is not None or outcome.settled:
            own = words[one.account]
            yen = asked(own.outcome, one.member.code) if one.yen is None else one.yen
            held = Notice(
                own.number(one.member, one.number, yen),
                own.serial(one.member, one.ending),
                own.issued(one.member, days(outcome, one)),
            )
            found.setdefault((one.member.code, one.account), []).append((one.part, held))
    return found


def _joined(notices: Sequence[Notice]) -> Notice:
    """Several papers as one, dated as the first."""
    return Notice(
        "、".join(notice.document for notice in notices if notice.document),
        "、".join(notice.serial for notice in notices),
        notices[0].issued,
    )
