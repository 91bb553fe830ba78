"""What the headings and the words of a list of payments mean."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from apportion.core.text import fold, name_key
from apportion.core.year import FiscalYear
from apportion.tables.cells import measure
from apportion.tables.grid import Cell
from apportion.tables.payments import AMOUNT, DAY, TERM
from apportion.tables.register import CODE, NAME

SERIAL, BILLED, OPEN, YEAR, SUBJECT = "整理番号", "調定額", "未納額", "年度", "科目"
OF_ACCOUNT = "会計"
TEXT, SOME, RUNNING = "摘要", "金額", "収入累計"
OUT, BALANCE, SIGNED, WAY = "出金額", "残高", "入出金額", "入払区分"

DONE = ("納入済額", "収入済額", "収納済額", "領収済額", "納付済額", "入金済額")
"""Headings that accounts give to what has come in until now."""

ONCE = (
    *(AMOUNT, "入金額", "入金金額", "領収額", "領収金額", "納入金額"),
    *("当月収入額", "当月収納額", "当月収入済額", "当月入金額"),
    *("今回納入額", "今回収納額", "今回入金額"),
)
"""Headings that can only mean one payment."""

DEPOSIT = (
    *("お預り金額", "お預かり金額", "預り金額", "預かり金額", "お預入金額", "お預入れ金額"),
    *("お預入れ", "お預入額", "預入額", "預入金額", "受入金額", "ご入金額", "入金", "お預り額"),
)
"""Headings of banks for what comes in."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    CODE: (CODE, "市町村コード", "市区町村コード", "自治体コード"),
    SERIAL: (SERIAL, "請求番号"),
    NAME: (
        *(NAME, "市町村名", "市区町村名", "納入者", "納入者名", "納入義務者"),
        *("債務者", "債務者名", "相手方", "宛先", "会員名"),
    ),
    TERM: (TERM, "期別", "納期"),
    DAY: (
        *(DAY, "収納日", "入金日", "収入日", "領収日", "納付日", "納入年月日", "収納年月日"),
        *("入金年月日", "収入年月日", "領収年月日", "納付年月日", "勘定日", "取引日", "お取引日"),
        *("日付", "年月日", "取引年月日", "取扱日", "お取扱日", "入出金日"),
    ),
    AMOUNT: (
        *ONCE,
        *("収納額", "収入額", "納付額", "収納金額", "収入金額", "納付金額"),
        *DONE,
        *DEPOSIT,
    ),
    RUNNING: (
        *(RUNNING, "収入累計額", "収納累計", "収納累計額", "納入累計", "納入累計額"),
        *("累計", "累計額"),
    ),
    BILLED: (BILLED, "請求額", "調定金額", "請求金額", "調定済額"),
    OPEN: (OPEN, "収入未済額", "未収額", "未済額", "未収納額", "未納金額", "未収金額"),
    YEAR: (
        *(YEAR, "会計年度", "調定年度", "賦課年度", "所属年度"),
        *("収入年度", "相当年度", "歳入年度"),
    ),
    OF_ACCOUNT: (OF_ACCOUNT, "会計名", "会計名称", "会計区分"),
    SUBJECT: (SUBJECT, "科目名", "歳入科目", "収入科目", "費目", "細節", "予算科目", "科目名称"),
    SOME: (SOME, "取引金額"),
    OUT: (
        *(OUT, "出金金額", "お支払金額", "お支払い金額", "支払金額", "支払い金額", "払出金額"),
        *("お引出金額", "お引出し", "お引出額", "引出金額", "お支払額", "出金", "ご出金額"),
    ),
    BALANCE: (BALANCE, "差引残高", "お預り残高", "取引後残高", "現在高", "現在(貸付)高"),
    SIGNED: (SIGNED, "入出金", "入払金額"),
    WAY: (WAY, "入出金区分", "入払"),
    TEXT: (
        *(TEXT, "摘要内容", "お取引内容", "お取扱内容", "お取り扱い内容", "取引内容", "内容"),
        *("詳細", "詳細1", "入出金先内容", "振込依頼人名", "依頼人名", "お取引先"),
    ),
}
"""What each column may be called; the first one is ours."""

_KEYS = {ours: frozenset(map(name_key, names)) for ours, names in HEADINGS.items()}


class RowKind(Enum):
    """What a row is, by its words. Only a FINE one can be a payment."""

    FINE = ""
    CANCELLED = "取消の行"
    UNPAID = "まだ納入でない行"
    REFUND = "還付や戻出の行"
    DOUBTFUL = "確かめる行"


_ENDS = r"(?:済み?|分|処理|伝票|データ)?"
_MEANINGS = {
    RowKind.CANCELLED: rf"(?:収納|入金|納付|消込|振込)?(?:取消し?|取り消し|削除|無効|破棄){_ENDS}",
    RowKind.REFUND: r"(?:過誤納?金?|過納金?)?"
    rf"(?:還付金?|返金|戻出|払戻し?|払い戻し|返還金?|返納金?|組戻し?){_ENDS}",
    RowKind.UNPAID: r"調定|請求|請求中|未納|未収|未収納|未入金|未納付|残高不足|エラー"
    r"|(?:口座)?(?:振替|引落|引き落とし)不能",
    RowKind.FINE: r"確定|正常|通常|完納|完了|確報|本納付|(?:再|口座)?振替|口振|窓口|納付書|振込|現金"
    r"|一部(?:納[付入]|収納|入金|未納)|分納|有効|現年度?分?|普通|なし|無|-|0"
    r"|(?:収納|納付|納入|入金|領収|収入|消込|完納|処理|(?:再|口座)?振替)?(?:済み?)?|収納消込済?",
}
_WORDS = {kind: re.compile(text) for kind, text in _MEANINGS.items()}
_HINTS = re.compile(
    r"取消|取り消|削除|無効|還付|返金|戻出|払戻|払い戻し|返還|組戻|返納|過誤|過納|充当|訂正|更正"
    r"|誤入金|誤納|誤振込|不能|速報|相殺|ヘンキン|クミモドシ|トリケシ|テイセイ"
)
_FLAGS = re.compile(r"取消|取り消|削除|還付|戻出|充当|過誤納|訂正|更正")
_CANCEL_FLAGS = re.compile(r"取消|取り消|削除")
_SET = re.compile(r"1|○|〇|有|あり|レ|済")
_STATES = re.compile(r".*(?:状態|状況|ステータス|区分|種別|消込|処理)")
_NO_STATES = re.compile(
    r"(?:取引|明細|小切手|口座|団体|市町村|会員|預金|未資金化|交換)(?:区分|種別)"
)
_OPEN_STATES = re.compile(r"区分|種別")


_CHANNELS = re.compile(
    r"コンビニ|ペイジー|マルチペイメント|銀行|ゆうちょ|郵便局|指定金融機関|窓口収納|OCR|MPN"
)


def heading(cell: Cell) -> str:
    """A heading without the unit that stands behind it."""
    found = measure(cell)
    return found.name if found and found.is_money else cell.text


def our_name(cell: Cell) -> str | None:
    """Our name for a column; None where we have none."""
    key = name_key(heading(cell))
    return next((ours for ours, names in _KEYS.items() if key in names), None)


def preferred(cells: Sequence[Cell]) -> Cell:
    """The column that is meant where several could be: the one that HEADINGS names first."""
    names = [key for own in HEADINGS.values() for key in map(name_key, own)]
    return min(cells, key=lambda cell: names.index(name_key(heading(cell))))


def among(cell: Cell, names: tuple[str, ...]) -> bool:
    """Whether a heading is one of these."""
    return name_key(heading(cell)) in set(map(name_key, names))


def tells_state(head: Cell) -> bool:
    """Whether a column is there to say what a row is (状態, 取消日); any other one may still say it."""
    title = name_key(head.text)
    is_state = _STATES.fullmatch(title) and not _NO_STATES.fullmatch(title)
    return bool(_FLAGS.search(title) or is_state)


def meaning(head: Cell, text: str, bodies: frozenset[str]) -> RowKind:
    """What a cell says of its row; `bodies` tell what a body or our income is (市, 負担金)."""
    word, title = name_key(text), name_key(head.text)
    if not word:
        return RowKind.FINE
    if _FLAGS.search(title):
        return _flag(title, word)
    if not tells_state(head):
        return _said(word)
    if (_OPEN_STATES.fullmatch(title) and word in bodies) or _CHANNELS.fullmatch(word):
        return RowKind.FINE
    known = (kind for kind, words in _WORDS.items() if words.fullmatch(word))
    return next(known, RowKind.DOUBTFUL)


def _said(word: str) -> RowKind:
    """What a free text says: only one that is the word and nothing else is sure."""
    for kind in (RowKind.CANCELLED, RowKind.REFUND):
        if _WORDS[kind].fullmatch(word):
            return kind
    return RowKind.DOUBTFUL if _HINTS.search(word) else RowKind.FINE


def _flag(title: str, word: str) -> RowKind:
    """What a column 取消, 取消日 or 還付額 says: nothing, or that the row is one."""
    if _WORDS[RowKind.FINE].fullmatch(word):
        return RowKind.FINE
    sure = _SET.fullmatch(word) or _WORDS[RowKind.CANCELLED].fullmatch(word) or title.endswith("日")
    return RowKind.CANCELLED if sure and _CANCEL_FLAGS.search(title) else RowKind.DOUBTFUL


_THIS_YEAR = re.compile(r"現年度?分?")
_FORMER_YEAR = re.compile(r"過年度?分?|滞納繰越分?|繰越分?")
_YEAR_IN_TITLE = re.compile(r"(?:令和|平成|R|H|r|h)(?:[0-9]{1,2}|元)年度|[0-9]{4}年度")
_TERM_IN_TEXT = re.compile(r"第0*([1-9][0-9]?)期")
_BARE_YEAR = re.compile(r"0*([1-9][0-9]?)(?:年度?)?")


def is_own_year(text: str, year: FiscalYear) -> bool | None:
    """Whether a cell names the year; None where it names none that is known."""
    word = fold(text).replace(" ", "")
    if _THIS_YEAR.fullmatch(word):
        return True
    if _FORMER_YEAR.fullmatch(word):
        return False
    named = FiscalYear.parse(word)
    if named:
        return named == year
    bare = _BARE_YEAR.fullmatch(word)
    return int(bare[1]) == int(year.code[1:]) if bare else None


def terms_in(text: str) -> frozenset[int]:
    """Every 期 that a text names."""
    return frozenset(map(int, _TERM_IN_TEXT.findall(fold(text).replace(" ", ""))))


def foreign_year(text: str, year: FiscalYear) -> str:
    """The 年度 that a text names where it names only others; empty where it does not."""
    title = fold(text).replace(" ", "")
    named = _YEAR_IN_TITLE.findall(title)
    return "" if not named or any(FiscalYear.parse(word) == year for word in named) else named[0]


DUES = frozenset(("負担金", "負担金収入", "市町村負担金", "会員負担金", "構成団体負担金"))


def is_own_subject(text: str, own: frozenset[str]) -> bool | None:
    """Whether a 科目 is one of our income; None where it is a 負担金 that we do not know."""
    key = name_key(text)
    if key in own or key in DUES:
        return True
    return None if "負担金" in key or "分担金" in key else False
