"""Sheet 端数処理表: what cutting left over of each 経費, and who was given it, with the proof."""

from typing import NamedTuple

from apportion.explain.ledger import Ledger, LedgerRow, decimal_text, rule_words
from apportion.workbook.sheets.live import Area, Live, Ref, less, link, sum_of
from apportion.workbook.sheets.page import LOW_ROW, Page, heads
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

NAME = "端数処理表"

LINE, RANK, CODE, MEMBER, EXACT, CUT, YEN, DIFFERENCE, REMAINDER, WHY = range(10)
_HEADS = (
    "経費",
    "順位",
    "団体\nコード",
    "団体名",
    "対象額\n正確な額（円）",
    "切捨て等の計\nその額（円）",
    "端数円数\n加減（円）",
    "差（円）",
    "端数の分母\n端数の分子",
    "端数のきまり\n理由",
)
_LINES = "太字の行は経費です。端数円数 = 対象額 − 切捨て等の計。差 = 端数円数 − 下の行の加減の計。"
_GRANTS = (
    "その下の行は、端数円数を加減した団体です。端数 = 正確な額 − 切捨て等の額 = 分子 ÷ 分母"
    "（分母は経費の中で同じです）。加減が0の行は、次の順位の団体です。"
)
_AT_MOST = {LINE: 110.0, WHY: 300.0}


class RoundingSheet(NamedTuple):
    """The column of 差, and the sum of all 端数円数."""

    differences: Area
    total: Ref


def write(page: Page, summary: Summary) -> RoundingSheet:
    """Each 経費 with what was left over, and below it one row per yen with its reason."""
    head = page.top(_LINES, _GRANTS)
    heads(page, head, _HEADS)
    row = head + 1
    rests = []
    for result in summary.outcome.results:
        ledger = Ledger(result)
        given = [
            _grant(page, below, ledger, grant)
            for below, grant in enumerate(ledger.rows(), start=row + 1)
        ]
        if result.unallocated:
            given.append(_unallocated(page, row + 1 + len(given), ledger))
        rests.append(_line(page, row, ledger, given))
        row += 1 + len(given)
    page.merged(row, LINE, CUT, "端数円数の計", "grand_text")
    total = page.live(row, YEN, sum_of(rests, page.name), "grand_money")
    page.blanks(row, range(DIFFERENCE, WHY + 1), "grand_text")
    page.freeze(head + 1, RANK)
    page.set_up((head, head), _AT_MOST, row_height=LOW_ROW)
    return RoundingSheet(page.area(head + 1, DIFFERENCE, row - 1, DIFFERENCE), total)


def _line(page: Page, row: int, ledger: Ledger, given: list[Ref]) -> Ref:
    line = ledger.result.case.line
    page.merged(row, LINE, MEMBER, f"{line.project}　{line.name}", "total_remark")
    whole = page.number(row, EXACT, ledger.total, "total_money")
    cuts = page.number(row, CUT, ledger.cuts, "total_money")
    rest = page.live(row, YEN, less(whole, [cuts], page.name), "total_money")
    page.difference(row, DIFFERENCE, _not_given(rest, given, page.name))
    denominator = f"分母 {ledger.result.shares.denominator:,}" if given else ""
    page.text(row, REMAINDER, denominator, "total_right")
    rule = rule_words(ledger.result.case.rounding) if given else "端数なし"
    page.text(row, WHY, rule, "total_remark")
    return rest


def _grant(page: Page, row: int, ledger: Ledger, grant: LedgerRow) -> Ref:
    page.text(row, LINE, ledger.result.case.line.name, "remark")
    page.number(row, RANK, grant.rank, "count")
    page.text(row, CODE, grant.member.code, "code")
    page.text(row, MEMBER, grant.member.name)
    page.text(row, EXACT, decimal_text(grant.exact), "right")
    page.number(row, CUT, grant.cut)
    page.blanks(row, [DIFFERENCE])
    page.text(row, REMAINDER, _signed(grant.remainder), "right")
    page.text(row, WHY, grant.why, "remark")
    return page.number(row, YEN, grant.yen, "signed")


def _unallocated(page: Page, row: int, ledger: Ledger) -> Ref:
    page.text(row, LINE, ledger.result.case.line.name, "remark")
    page.blanks(row, (RANK, CODE, EXACT, CUT, DIFFERENCE, REMAINDER))
    page.text(row, MEMBER, "（なし）")
    page.text(row, WHY, "端数未調整額（規則により調整しない）", "remark")
    return page.number(row, YEN, ledger.result.unallocated, "signed")


def _not_given(rest: Ref, given: list[Ref], sheet: str) -> Live:
    whole = link(rest, sheet)
    return whole - sum_of(given, sheet) if given else whole


def _signed(number: int) -> str:
    return f"△{-number:,}" if number < 0 else f"{number:,}"


ROUNDING = SheetOfSummary(
    name=NAME,
    title="端数処理表",
    text="1円未満などの端数を、どの団体に、なぜ足したか（引いたか）。",
    write=write,
    areas=lambda written: (written.differences,),
)
