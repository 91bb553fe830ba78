"""■請求書: what the form prints, free text for the most part."""

import re

from apportion.language import dates, forms, messages
from apportion.language.cursor import Cursor, LineError
from apportion.language.names import Lexicon
from apportion.language.scan import Piece
from apportion.language.section import Block, Reader, choice, remark
from apportion.rulebook import Remark

SEALS = ("画像", "省略", "空欄")
FIGURES = ("全団体", "自団体のみ")
UNITS = ("年額", "期ごと")
_REGISTERED = re.compile(r"T[0-9]{13}")


def invoice(block: Block) -> dict[str, tuple[Remark, ...]]:
    """Read the texts by key; some keys have a form of their own."""
    readers: dict[str, Reader[Remark]] = {
        "公印": _one_of(*SEALS),
        "発行日": _issued,
        "通知期限": _notice,
        "登録番号": registered,
        "再発行": _reissued,
        "指標一覧": _one_of(*FIGURES),
        "請求の単位": _one_of(*UNITS),
    }
    found = {key: block.all(key, readers.get(key, remark)) for key in block.items}
    return {key: remarks for key, remarks in found.items() if remarks}


def registered(piece: Piece, _lexicon: Lexicon) -> Remark:
    """登録番号, in half width: T and 13 digits, the first of which checks the others."""
    number = piece.text.upper().replace(" ", "").replace("-", "")
    if not _REGISTERED.fullmatch(number):
        raise LineError(messages.no_registered(piece.source))
    if int(number[1]) != _check_digit(number[2:]):
        raise LineError(messages.mistyped_registered(piece.source))
    return Remark(number, piece.source)


def _check_digit(twelve: str) -> int:
    """First digit of the 法人番号 that ends with these twelve."""
    return 9 - sum(int(sign) * (2 - n % 2) for n, sign in enumerate(twelve[::-1], start=1)) % 9


def _one_of(*words: str) -> Reader[Remark]:
    read = choice(*words)
    return lambda piece, lexicon: Remark(read(piece, lexicon), piece.source)


def _issued(piece: Piece, lexicon: Lexicon) -> Remark:
    if dates.days_before_due(piece.text) is None:
        cursor = Cursor(piece, forms.example("発行日"))
        dates.day(cursor)
        cursor.end()
    return remark(piece, lexicon)


def _notice(piece: Piece, lexicon: Lexicon) -> Remark:
    if not piece.text.endswith("まで") or dates.days_before_due(piece.text) is None:
        raise LineError(messages.unreadable(piece.source, (), forms.example("通知期限")))
    return remark(piece, lexicon)


def _reissued(piece: Piece, lexicon: Lexicon) -> Remark:
    if dates.reissue(piece.text) is None:
        raise LineError(messages.unreadable(piece.source, (), forms.example("再発行")))
    return remark(piece, lexicon)
