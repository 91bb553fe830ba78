"""端数, 上限 and 下限, 途中参加, 平準化: how amounts are cut, bounded, prorated and spread."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from apportion.core.numbers import percent
from apportion.core.problem import tell
from apportion.core.text import name_key
from apportion.rules import messages
from apportion.rules.book import Adjust, Assertion, Deduct, Remark, Unsaid
from apportion.rules.nodes import (
    Bound,
    Decimals,
    Due,
    DuePlan,
    DueRounding,
    Mode,
    Money,
    Name,
    OfLine,
    OfOwn,
    OfPrevious,
    OwnFormula,
    Proration,
    Ratio,
    Rest,
    RestOrder,
    Rounding,
    Smoothing,
    Stage,
    Who,
)
from apportion.rules.read import forms, numbers
from apportion.rules.read.forms import example
from apportion.rules.read.formulas import in_brackets
from apportion.rules.read.names import Cursor, Lexicon, LineError, as_name
from apportion.rules.read.numbers import (
    BEFORE,
    NUMBER,
    YEN,
    amount,
    day,
    digits_ahead,
    fiscal,
    month,
    ratio,
    share,
    whole,
)
from apportion.rules.read.scan import Piece
from apportion.rules.read.section import Block, Reader, choice, remark
from apportion.rules.read.who import bearers, each

_BEGIN = ("第1期",)
_PARTS = ("残り",)


def plan(piece: Piece, _lexicon: Lexicon) -> DuePlan:
    """納期."""
    cursor = Cursor(piece, example("納期"))
    dues: list[Due] = []
    over: Money | None = None
    while over is None:
        dues.append(_due(cursor, dues))
        if not cursor.take("、"):
            break
        over = _over(cursor)
    cursor.end()
    _check(dues)
    return DuePlan(dues=tuple(dues), over=over, source=piece.source)


def _due(cursor: Cursor, before: Sequence[Due]) -> Due:
    start = cursor.skip()
    if not cursor.take("第"):
        raise cursor.error(*_BEGIN)
    number = whole(cursor)
    cursor.need("期")
    if any(due.number == number for due in before):
        free = max(due.number for due in before) + 1
        raise LineError(tell("W245", cursor.since(start).source, number=number, new=f"第{free}期"))
    date = day(cursor)
    part = _part(cursor)
    return Due(number=number, day=date, share=part, source=cursor.since(start).source)


def _part(cursor: Cursor) -> Ratio | Rest | Money:
    if rest := cursor.take("残り"):
        return Rest(Fraction(1), rest.source)
    if not digits_ahead(cursor):
        raise cursor.error(*_PARTS)
    return share(cursor)


def _over(cursor: Cursor) -> Money | None:
    """`年額10万円超に限る`."""
    if not cursor.take("年額"):
        return None
    over = amount(cursor)
    cursor.need("超に限る")
    return over


def _check(dues: Sequence[Due]) -> None:
    rests = [due.share for due in dues if isinstance(due.share, Rest)]
    parts = [due.share for due in dues if isinstance(due.share, Ratio)]
    total = sum((part.value for part in parts), Fraction(0))
    if len(rests) > 1:
        raise LineError(tell("W237.dues", rests[-1].source))
    if rests and total >= 1:
        raise LineError(tell("W240", rests[0].source, total=percent(total)))
    amounts = len(parts) + len(rests) < len(dues)
    if rests or total == 1 or not parts or (amounts and total < 1):
        return
    last = parts[-1]
    mend = messages.rest_mend(last.source, total - last.value)
    raise LineError(messages.sum_of_shares(last.source, parts, mend))


HEADS, BUDGET, BASE = "団体数", "予算額", "対象額"

_KINDS = ("先に引き、後で足す", "差し引く", "足す")
_AMOUNT = re.compile(rf"{BEFORE}\s*({NUMBER}\s*(?:{'|'.join(YEN)})?)$")


def deduct(piece: Piece, lexicon: Lexicon) -> Deduct:
    """差し引く: a budget column, or a name with an amount."""
    whole_name = piece.text.startswith("「") and piece.text.endswith("」")
    known = lexicon.figures.ends(piece.text, 0)
    found = _AMOUNT.fullmatch(piece.text)
    if found is None or whole_name or (known and known[0] == len(piece.text)):
        return Deduct(as_name(piece), None, piece.source)
    name, money = (
        piece.cut(piece.start + found.start(group), piece.start + found.end(group))
        for group in (1, 2)
    )
    if not name.text:
        raise LineError(messages.unreadable(piece.source, (), example("差し引く")))
    return Deduct(as_name(name), amount(Cursor(money, example("差し引く"))), piece.source)


def adjust(piece: Piece, _lexicon: Lexicon) -> Adjust:
    """団体別加減."""
    for kind in _KINDS:
        suffix = f"を{kind}"
        if piece.text.endswith(suffix):
            figure = piece.cut(piece.start, piece.end - len(suffix))
            return Adjust(as_name(figure), kind, piece.source)
    raise LineError(messages.unreadable(piece.source, (), example("団体別加減")))


_UNSAID = re.compile(r"「(?P<clause>.+)」\s*理由\s*(?P<reason>.+?)(?:、\s*承認\s*(?P<office>.+))?")


def unsaid(piece: Piece, _lexicon: Lexicon) -> Unsaid:
    """未対応; the words stay as they are written."""
    found = _UNSAID.fullmatch(piece.text)
    if found is None:
        raise LineError(messages.unreadable(piece.source, (), example("未対応")))
    clause, reason, office = (
        piece.cut(piece.start + found.start(part), piece.start + found.end(part)).written
        if found[part]
        else ""
        for part in ("clause", "reason", "office")
    )
    return Unsaid(clause, reason, office, piece.source)


def assertion(piece: Piece, _lexicon: Lexicon) -> Assertion:
    """検算."""
    subject, equals, _ = piece.text.partition("=")
    if not equals:
        raise LineError(tell("W225.equals", piece.source, form=_with_equals(piece)))
    name = as_name(piece.cut(piece.start, piece.start + len(subject)))
    heads = name_key(name.text) == HEADS
    value = piece.cut(piece.start + len(subject) + 1, piece.end)
    cursor = Cursor(value, forms.HEADS if heads else example("検算"))
    count = _count(cursor) if heads else None
    less = not heads and bool(cursor.take(BASE))
    yen = None if heads or less or cursor.take(BUDGET) else amount(cursor).yen
    tolerance = _tolerance(cursor)
    cursor.end()
    return Assertion(name, yen, count, tolerance, piece.source, less)


def _with_equals(piece: Piece) -> str:
    """The line with the sign that was forgotten, where it is clear where it belongs."""
    found = _AMOUNT.fullmatch(piece.text)
    return f"検算: {found[1]} = {found[2]}" if found else example("検算")


def _count(cursor: Cursor) -> int:
    start = cursor.skip()
    count = whole(cursor, least=0)
    cursor.take("団体")
    if cursor.take(*YEN):
        source = cursor.since(start).source
        raise LineError(tell("W224", source, wanted="団体の数", form=f"検算: {HEADS} = {count}"))
    return count


def _tolerance(cursor: Cursor) -> Fraction:
    """`(±1円)`, else nothing."""
    if not cursor.take("("):
        return Fraction(0)
    cursor.need("±")
    allowed = amount(cursor)
    cursor.need(")")
    return allowed.yen


SEALS = ("画像", "省略", "空欄")
FIGURES = ("全団体", "自団体のみ")
UNITS = ("年額", "期ごと")
HEADS_OF_AMOUNTS = ("金", "￥")
"""What stands before the framed amount."""

BRANCH, EDITION, TIMES = "枝番", "補正", "回"
LETTERS: Mapping[str, tuple[str, ...]] = {
    "文書番号": (BRANCH,),
    "変更文書番号": (BRANCH, EDITION),
    "再発行文書番号": (BRANCH, TIMES),
    "精算文書番号": (BRANCH,),
    "還付文書番号": (BRANCH,),
}
"""Numbers of letters by kind of paper, and what `{{…}}` in them may stand for."""
MARK = re.compile(r"[{｛]{2}\s*([^{}｛｝]*?)\s*[}｝]{2}")
DATED = ("再発行日", "変更発行日", "精算発行日", "精算納期限")
"""Keys of a day of a paper that is no first bill."""
_REGISTERED = re.compile(r"T[0-9]{13}")


def invoice(block: Block) -> dict[str, tuple[Remark, ...]]:
    """Read the texts by key; some keys have a form of their own."""
    readers: dict[str, Reader[Remark]] = {
        **{key: _letter(key) for key in LETTERS},
        "公印": _one_of(*SEALS),
        "発行日": _issued,
        "通知期限": _notice,
        "登録番号": registered,
        "再発行": _reissued,
        "指標一覧": _one_of(*FIGURES),
        "請求の単位": _one_of(*UNITS),
        "金額の表し方": _as_remark(before_amount),
        **dict.fromkeys(DATED, _dated),
    }
    found = {key: block.all(key, readers.get(key, remark)) for key in block.items}
    return {key: remarks for key, remarks in found.items() if remarks}


def registered(piece: Piece, _lexicon: Lexicon) -> Remark:
    """登録番号, in half width: T and 13 digits, the first of which checks the others."""
    number = piece.text.upper().replace(" ", "").replace("-", "")
    if not _REGISTERED.fullmatch(number):
        raise LineError(tell("W250.form", piece.source))
    if int(number[1]) != _check_digit(number[2:]):
        raise LineError(tell("W250.digit", piece.source))
    return Remark(number, piece.source)


def _check_digit(twelve: str) -> int:
    """First digit of the 法人番号 that ends with these twelve."""
    return 9 - sum(int(sign) * (2 - n % 2) for n, sign in enumerate(twelve[::-1], start=1)) % 9


def _one_of(*words: str) -> Reader[Remark]:
    return _as_remark(choice(*words))


def _as_remark(read: Reader[str]) -> Reader[Remark]:
    return lambda piece, lexicon: Remark(read(piece, lexicon), piece.source)


def before_amount(piece: Piece, lexicon: Lexicon) -> str:
    """金額の表し方: 金 or ￥, which a keyboard also gives as two other signs."""
    if piece.text in (chr(0xA5), chr(0x5C)):
        return HEADS_OF_AMOUNTS[1]
    return choice(*HEADS_OF_AMOUNTS)(piece, lexicon)


def _letter(key: str) -> Reader[Remark]:
    """Reader of the number of a kind of paper, with marks that this kind knows."""

    def read(piece: Piece, lexicon: Lexicon) -> Remark:
        strange = set(MARK.findall(piece.text)) - {*LETTERS[key]}
        if strange or set("{}") & set(MARK.sub("", piece.text)):
            raise LineError(messages.unreadable(piece.source, (), forms.example(key)))
        return remark(piece, lexicon)

    return read


def _issued(piece: Piece, lexicon: Lexicon) -> Remark:
    if numbers.days_before_due(piece.text) is None:
        cursor = Cursor(piece, forms.example("発行日"))
        numbers.day(cursor)
        cursor.end()
    return remark(piece, lexicon)


def _dated(piece: Piece, lexicon: Lexicon) -> Remark:
    """A day, and nothing else."""
    cursor = Cursor(piece, forms.example("精算発行日"))
    numbers.day(cursor)
    cursor.end()
    return remark(piece, lexicon)


def _notice(piece: Piece, lexicon: Lexicon) -> Remark:
    if not piece.text.endswith("まで") or numbers.days_before_due(piece.text) is None:
        raise LineError(messages.unreadable(piece.source, (), forms.example("通知期限")))
    return remark(piece, lexicon)


def _reissued(piece: Piece, lexicon: Lexicon) -> Remark:
    if numbers.reissue(piece.text) is None:
        raise LineError(messages.unreadable(piece.source, (), forms.example("再発行")))
    return remark(piece, lexicon)


_UNITS = {"万円": 10**4, "千円": 10**3, "百円": 100, "十円": 10, "円": 1}
_MODES = {mode.value: mode for mode in Mode}
_STAGES = {stage.value: stage for stage in Stage}
_ORDERS = {order.value: order for order in RestOrder if order is not RestOrder.PAYER}
_MOST_DECIMALS, _MOST_MONTHS = 20, 1200
_LIMITS = ("前年度の", "経費の", "もとの額の")


def rounding(piece: Piece, _lexicon: Lexicon) -> Rounding:
    """端数 of amounts."""
    cursor = Cursor(piece, example("端数"))
    unit, mode = _unit(cursor), _mode(cursor)
    stage = Stage.LINE
    if cursor.take("("):
        stage = _STAGES[cursor.need(*_STAGES).text]
        cursor.need(")")
    cursor.need("、差額は")
    rest, payer = _rest(cursor)
    cursor.end()
    return Rounding(unit=unit, mode=mode, stage=stage, rest=rest, payer=payer, source=piece.source)


def decimals(piece: Piece, _lexicon: Lexicon) -> Decimals:
    """端数 of a ■基準."""
    cursor = Cursor(piece, example("端数", "基準"))
    digits = 0
    if cursor.need("整数", "小数第").text == "小数第":
        digits = whole(cursor, most=_MOST_DECIMALS)
        cursor.need("位")
    mode = _mode(cursor)
    cursor.end()
    return Decimals(digits=digits, mode=mode, source=piece.source)


def due_rounding(piece: Piece, _lexicon: Lexicon) -> DueRounding:
    """期割の端数."""
    cursor = Cursor(piece, example("期割の端数"))
    unit, mode = _unit(cursor), _mode(cursor)
    cursor.need("、差額は")
    first = cursor.need("第1期", "最終期").text == "第1期"
    cursor.end()
    return DueRounding(unit=unit, mode=mode, first=first, source=piece.source)


def upper(piece: Piece, lexicon: Lexicon) -> Bound:
    """上限."""
    return _bound(Cursor(piece, example("上限")), lexicon, upper=True)


def lower(piece: Piece, lexicon: Lexicon) -> Bound:
    """下限."""
    return _bound(Cursor(piece, example("下限")), lexicon, upper=False)


def proration(piece: Piece, _lexicon: Lexicon) -> Proration:
    """途中参加."""
    cursor = Cursor(piece, example("途中参加"))
    method = cursor.need("月割", "日割", "全額", "翌年度から").text
    next_month = False
    # Only months have a first one that may count or not.
    if method == "月割" and cursor.take("("):
        next_month = cursor.need("参加した月を含む", "翌月から").text == "翌月から"
        cursor.need(")")
    carry = False
    if cursor.take("、減った分は"):
        carry = cursor.need("他の団体で負担", "繰越").text == "繰越"
    cursor.end()
    return Proration(method=method, next_month=next_month, carry=carry, source=piece.source)


def smoothing(piece: Piece, lexicon: Lexicon) -> Smoothing:
    """平準化."""
    cursor = Cursor(piece, example("平準化"))
    cursor.need("総額")
    total = amount(cursor)
    cursor.need("を")
    count = whole(cursor, most=_MOST_MONTHS)
    months = cursor.need("か月", "年").text == "か月"
    first = _start(cursor, lexicon, months=months)
    cursor.need("、端数は")
    rest_first = cursor.need("初年度", "最終年度").text == "初年度"
    cursor.end()
    return Smoothing(
        total=total,
        count=count,
        months=months,
        first=first,
        rest_first=rest_first,
        source=piece.source,
    )


def _unit(cursor: Cursor) -> int:
    """`円`, `千円`, `100円` as yen."""
    count = whole(cursor) if digits_ahead(cursor) else 1
    return count * _UNITS[cursor.need(*_UNITS).text]


def _mode(cursor: Cursor) -> Mode:
    cursor.need("未満")
    return _MODES[cursor.need(*_MODES).text]


def _rest(cursor: Cursor) -> tuple[RestOrder, Name | None]:
    if cursor.rest.text.endswith("が負担") and cursor.rest.text not in _ORDERS:
        rest = cursor.rest
        cursor.pos = rest.end
        return RestOrder.PAYER, as_name(rest.cut(rest.start, rest.end - len("が負担")))
    return _ORDERS[cursor.need(*_ORDERS).text], None


def _bound(cursor: Cursor, lexicon: Lexicon, *, upper: bool) -> Bound:
    who = each(cursor, lexicon)
    limit = _limit(cursor, lexicon)
    cursor.need("、")
    payer, waived = _other_side(cursor, lexicon, upper=upper)
    skip_new = cursor.take("、前年度のない団体は除く") is not None
    cursor.end()
    return Bound(
        upper=upper,
        who=who,
        limit=limit,
        payer=payer,
        skip_new=skip_new,
        waived=waived,
        source=cursor.piece.source,
    )


def _limit(cursor: Cursor, lexicon: Lexicon) -> Money | OfPrevious | OfLine | OfOwn | OwnFormula:
    start = cursor.skip()
    worked_out = in_brackets(cursor, lexicon)
    if isinstance(worked_out, OwnFormula):
        return worked_out
    cursor.pos = start
    if cursor.take("前年度の"):
        part = ratio(cursor)
        return OfPrevious(part.value, cursor.since(start).source)
    if cursor.take("経費の"):
        part = ratio(cursor)
        return OfLine(part.value, cursor.since(start).source)
    if cursor.take("もとの額の"):
        part = ratio(cursor)
        return OfOwn(part.value, cursor.since(start).source)
    if digits_ahead(cursor):
        return amount(cursor)
    raise cursor.error(*_LIMITS)


def _other_side(cursor: Cursor, lexicon: Lexicon, *, upper: bool) -> tuple[Who | None, bool]:
    """Who takes what is over or lacking: named members, None for all the others; or nobody at all."""
    right = "超えた分" if upper else "足りない分"
    side = cursor.need("超えた分", "足りない分")
    if side.text != right:
        key, opposite = ("上限", "下限") if upper else ("下限", "上限")
        other = side.source.text.strip().replace(key, opposite, 1)
        raise LineError(tell("W232", side.source, key=key, new=right, other=other))
    cursor.need("は")
    if upper and cursor.take("徴収しない"):
        return None, True
    if not upper or "が負担" not in cursor.rest.text:
        cursor.need("残りの団体で割り直す", *(("徴収しない",) if upper else ()))
        return None, False
    return bearers(cursor, lexicon), False


def _start(cursor: Cursor, lexicon: Lexicon, *, months: bool) -> date:
    cursor.need("(")
    first = month(cursor) if months else fiscal(cursor, lexicon.year).first_day
    cursor.need("から")
    cursor.need(")")
    return first
