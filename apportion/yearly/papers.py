"""What stands on the bills of an outcome, so that a later one can name what it replaces."""

from collections.abc import Iterator

from apportion.allocate.instalments import Instalment
from apportion.outcome import Outcome
from apportion.yearly.reissue import contents


def papers(outcome: Outcome) -> dict[str, dict[str, str | int]]:
    """Each bill by 団体コード of its payer, as 確定.json keeps it."""
    # Loaded here: only sealing needs the words of the form.
    from apportion.workbook.invoice_texts import Words  # noqa: PLC0415

    words, content = Words(outcome), contents(outcome)
    found: dict[str, dict[str, str | int]] = {}
    for code, number, ending in _numbered(outcome):
        issued = words.issued(part.day for part in outcome.instalments_of(code))
        found[code] = {
            "団体名": outcome.tables.by_code[code].name,
            "請求額_円": outcome.billed_to(code),
            "文書番号": words.number(number),
            "整理番号": words.serial(outcome.tables.by_code[code], ending),
            "発行日": issued.isoformat() if issued else "",
            "内容": content[code],
        }
    return found


def of_terms(outcome: Outcome) -> dict[Instalment, dict[str, str]]:
    """整理番号 and 文書番号 of the bills that ask for one 期 each; none where a bill is of the year."""
    from apportion.workbook import collected  # noqa: PLC0415  as above
    from apportion.workbook.invoice_texts import Words  # noqa: PLC0415

    words, first = Words(outcome), len(outcome.members) + 1
    return {
        bill.part: {
            "整理番号": words.serial(bill.payer, collected.of_term(bill.part)),
            "文書番号": words.number(number),
        }
        for number, bill in enumerate(collected.sent(outcome), start=first)
        if bill.part
    }


def _numbered(outcome: Outcome) -> Iterator[tuple[str, int, str]]:
    """Code of each payer, the number of its bill, and the end of its 整理番号."""
    from apportion.workbook import collected  # noqa: PLC0415  as above

    together = {member.code for member in collected.needed(outcome)}
    for number, member in enumerate(outcome.members, start=1):
        if member.code in outcome.billed and member.code not in together:
            yield member.code, number, ""
    for number, code in enumerate(sorted(together), start=len(outcome.members) + 1):
        yield code, number, collected.TOGETHER
