"""What 確定.json keeps of an outcome: the paper that each payer holds, its sums, its act, its inputs."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from apportion.allocate.instalments import Instalment
from apportion.core.year import FIRST
from apportion.outcome.issued import ACTED, BILLS, INPUTS, TERMS, written
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

    Whom a 補正 leaves as it was holds the one that it had.
    """
    content, own = contents(outcome), _papers(outcome)
    held = outcome.revision.former.notices if outcome.revision else {}
    found: dict[str, dict[str, Any]] = {}
    for code in content:
        listed = [notice for _, notice in own.get(code, ())]
        notice = _joined(listed) if listed else held.get(code, NO_NOTICE)
        found[code] = {
            "団体名": outcome.tables.by_code[code].name,
            "請求額_円": asked(outcome, code),
            **written(notice),
            "内容": content[code],
        }
    for part, notice in of_terms(outcome).items():
        found[part.code].setdefault(TERMS, {})[str(part.number)] = written(notice)
    return found


def of_terms(outcome: Outcome) -> dict[Instalment, Notice]:
    """The bills that ask for one 期 each; none where a bill is of the year."""
    listed = {
        part: notice
        for own in _papers(outcome).values()
        for part, notice in own
        if part is not None
    }
    kept = (again.kept for code, again in outcome.reissued.items() if code in outcome.billed)
    return {part: notice for own in (*kept, listed) for part, notice in own.items()}


def _papers(outcome: Outcome) -> Mapping[str, Sequence[tuple[Instalment | None, Notice]]]:
    """The papers that ask for something, and all of 精算, by their body, each with its 期."""
    # Loaded here: only sealing needs the words of the form.
    from apportion.workbook.letters.sent import days, letters  # noqa: PLC0415
    from apportion.workbook.letters.words import Words  # noqa: PLC0415

    words = Words(outcome)
    found: dict[str, list[tuple[Instalment | None, Notice]]] = {}
    for one in letters(outcome):
        if one.yen is not None or outcome.settled:
            yen = asked(outcome, one.member.code) if one.yen is None else one.yen
            notice = Notice(
                words.number(one.member, one.number, yen),
                words.serial(one.member, one.ending),
                words.issued(one.member, days(outcome, one)),
            )
            found.setdefault(one.member.code, []).append((one.part, notice))
    return found


def _joined(notices: Sequence[Notice]) -> Notice:
    """Several papers as one, dated as the first."""
    return Notice(
        "、".join(notice.document for notice in notices if notice.document),
        "、".join(notice.serial for notice in notices),
        notices[0].issued,
    )
