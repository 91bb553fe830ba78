"""Years inside a text, moved on; the way they are written stays."""

import re

from apportion.text import fold

_BASES = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
_NEXT = {"平成": "令和", "H": "R"}
_REIWA = 2019
_YEAR = re.compile(
    r"(令和|平成|昭和)( *)([0-9]{1,2}|元)(?= *年)"
    r"|(?<![A-Za-z])([RHSrhs])( *)([0-9]{1,2})(?= *[年./-])"
    r"|(?<![0-9])((?:19|20)[0-9]{2})(?= *年|[./-][0-9])"
)
_WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
_DAY = re.compile(r"[0-9]{1,2} *月 *[0-9]{1,2} *日|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{1,2}")


def moved(text: str, years: int) -> str:
    """`text` with every year that many years later: 令和７年度 becomes 令和８年度, 平成31年 令和2年."""
    folded = fold(text)
    parts, end = [], 0
    for found in _YEAR.finditer(folded):
        written = text[found.start() : found.end()]
        parts += [text[end : found.start()], _later(found, written, years)]
        end = found.end()
    return "".join((*parts, text[end:]))


def years_in(text: str) -> tuple[int, ...]:
    """Western number of every year that `text` names."""
    return tuple(map(_western, _YEAR.finditer(fold(text))))


def names_a_day(text: str) -> bool:
    """Whether a day stands in `text`: 7月31日, R7.7.31."""
    return _DAY.search(fold(text)) is not None


def _western(found: re.Match[str]) -> int:
    if found[7]:
        return int(found[7])
    number = found[3] or found[6]
    return _BASES[(found[1] or found[4]).upper()] + (1 if number == "元" else int(number))


def _later(found: re.Match[str], written: str, years: int) -> str:
    year = _western(found) + years
    digits = found[7] or found[3] or found[6]
    era, number = written[: -len(digits)], str(year)
    if not found[7]:
        name = (found[1] or found[4]).upper()
        if year >= _REIWA and name in _NEXT:
            name = _NEXT[name]
            era = name + era[len(found[1] or found[4]) :]
        number = str(year - _BASES[name])
    if number == "1" and found[1]:
        number = "元"
    return era + (number.translate(_WIDE) if ord(written[-1]) in _WIDE.values() else number)
