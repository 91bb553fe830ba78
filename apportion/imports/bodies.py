"""Which body a row of a table from elsewhere is about: by code, by name, by both."""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from apportion.core.model import Member
from apportion.core.text import name_key
from apportion.tables.cells import check_digit, code_digits

_FIVE, _SIX, _CITY = 5, 6, 3
_CITY_SIGN, _WARD = "市", "区"

_PREFECTURES = (
    *("北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県"),
    *("群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県"),
    *("山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府"),
    *("兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県"),
    *("香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県"),
    *("鹿児島県", "沖縄県"),
)
PREFECTURE_NUMBERS = {name: f"{number:02}" for number, name in enumerate(_PREFECTURES, 1)}
"""First two digits of a 団体コード by the name of the prefecture."""


class Fit(Enum):
    """How sure it is whom a row is about."""

    OURS = "ours"
    OTHER = "other"  # certainly: its code is that of another body
    AREA = "area"  # a part of a body: a ward by its name, a code of nine digits and more
    UNKNOWN = "unknown"
    DISAGREES = "disagrees"  # code and name are those of two bodies
    UNCLEAR = "unclear"  # a code that may be two, and no name that decides


class Match(NamedTuple):
    """Whom a row is about, and how sure that is; `code` as it was understood, empty for not at all."""

    fit: Fit
    member: Member | None = None
    code: str = ""


class WrittenBody(NamedTuple):
    """What a row says of itself: code, name, and the prefecture by name or number."""

    code: str
    name: str
    prefecture: str = ""

    @property
    def shown(self) -> str:
        """Code and name as a person finds them."""
        return f"{self.code} {self.name}".strip()


class Register:
    """The bodies that exist, by code and by name; a name may have 郡 or 県 before it.

    `codes` are all codes of the table: whether five digits are a code without its check digit or
    one that lost its 0 is told by the whole column.
    """

    def __init__(self, members: Sequence[Member], codes: Sequence[str] = ()) -> None:
        self.by_code = {member.code: member for member in members}
        there = sorted(members, key=lambda member: member.valid_to is None)
        self.by_name = {name: member for member in there for name in _names(member)}
        self._numbers = {member.code[:2] for member in members}
        self._short = _short(codes)

    def match(self, row: WrittenBody) -> Match:
        """Whom `row` is about; of a part of a body (a ward), the body that it is a part of."""
        found = self._match(row)
        whole = self._whole(row.name) if found.fit in (Fit.OTHER, Fit.UNKNOWN) else None
        return Match(Fit.AREA, whole, whole.code) if whole else found

    def _whole(self, name: str) -> Member | None:
        """名古屋市 of 名古屋市中区, be it with the prefecture before it."""
        key = name_key(name)
        before = next((p for p in _PREFECTURES if key.startswith(p)), "")
        city, sign, ward = key.removeprefix(before).partition(_CITY_SIGN)
        known = self.by_name.get(f"{city}{sign}") if ward.endswith(_WARD) else None
        number = PREFECTURE_NUMBERS.get(before)
        return known if known and (number is None or known.code[:2] == number) else None

    def _match(self, row: WrittenBody) -> Match:
        code = code_digits(row.code)
        number = _number_of(row.prefecture)
        if number and code.isdigit() and len(code) <= _CITY:
            code = number + code.zfill(_CITY)
        named = self._named(row.name, number)
        if not code or (named and not (code.isdigit() and len(code) >= _FIVE - 1)):
            return self._by_name(named, number)  # a number of the office's own is no 団体コード
        if code.isdigit() and len(code) > _SIX:
            whole = self.by_code.get(code[:_FIVE] + check_digit(code[:_FIVE]))
            return Match(Fit.AREA, whole, whole.code if whole else "")
        return self._by_code(list(self._readings(code)), row.name, named, number)

    def _named(self, name: str, number: str) -> Member | None:
        """The body of this name; `愛知県豊橋市` is that of 愛知県 only."""
        key = name_key(name)
        found = self.by_name.get(key)
        before = next((p for p in _PREFECTURES if key.startswith(p) and key != p), "")
        if found is None and before:
            found = self.by_name.get(key.removeprefix(before))
            number = PREFECTURE_NUMBERS[before]
        known = found is not None and found.code[:2] in PREFECTURE_NUMBERS.values()
        return None if found and known and number and found.code[:2] != number else found

    def _by_name(self, named: Member | None, number: str) -> Match:
        if named:
            return Match(Fit.OURS, named, named.code)
        other = number and number not in self._numbers
        return Match(Fit.OTHER if other else Fit.UNKNOWN)

    def _by_code(self, readings: list[str], name: str, named: Member | None, number: str) -> Match:
        if named and named.code in readings:
            return Match(Fit.OURS, named, named.code)
        if len(readings) > 1:
            return self._several(readings, named)
        code = next(iter(readings), "")
        ours = self.by_code.get(code)
        if ours and (not name or named is ours):
            return Match(Fit.OURS, ours, code)
        # One name may be that of two bodies in two prefectures; in one it is not.
        if ours or (named and not (code and code[:2] != named.code[:2])):
            return Match(Fit.DISAGREES, ours or named, code)
        return self._foreign(code, number)

    def _several(self, readings: list[str], named: Member | None) -> Match:
        ours = [self.by_code[code] for code in readings if code in self.by_code]
        if not ours and not named:
            return self._foreign(readings[0], "")
        return Match(Fit.UNCLEAR, ours[0] if ours else named, readings[0])

    def _foreign(self, code: str, number: str) -> Match:
        other = bool(code) or (number and number not in self._numbers)
        return Match(Fit.OTHER if other else Fit.UNKNOWN, None, code)

    def _readings(self, code: str) -> Iterator[str]:
        """Codes of six digits that a written one may mean, those that exist nowhere left out."""
        if not code.isascii() or not code.isdigit():
            return
        prefectures = {*PREFECTURE_NUMBERS.values(), *self._numbers}
        for full in _full(code, short=self._short):
            valid = full[5] == check_digit(full[:5])
            if full in self.by_code or (valid and full[:2] in prefectures):
                yield full


def _short(codes: Sequence[str]) -> bool | None:
    """Whether codes lack their check digit (True), lost their 0 (False); None where both may be."""
    bare = [code for code in map(code_digits, codes) if code.isdigit()]
    if any(len(code) == _SIX for code in bare):
        return False
    five = [code for code in bare if len(code) == _FIVE]
    return True if any(code[4] != check_digit(f"0{code[:4]}") for code in five) else None


def _full(code: str, *, short: bool | None) -> Iterator[str]:
    """The codes of six digits; `short` says how the column is written."""
    if len(code) == _SIX:
        yield code
    if len(code) == _FIVE:
        lost = f"0{code}"
        whole = lost[5] == check_digit(lost[:5])
        # In a column of six digits a code of five that is no lost 0 still lacks its check digit.
        if short is not False or not whole:
            yield code + check_digit(code)
        if short is not True and whole:
            yield lost
    if len(code) == _FIVE - 1:
        yield f"0{code}" + check_digit(f"0{code}")


def _number_of(prefecture: str) -> str:
    """`23` of 愛知県, 23 or 230006."""
    key = code_digits(prefecture)
    if key.isdigit():
        return key.zfill(2)[:2] if len(key) != _FIVE else key.zfill(_SIX)[:2]
    return PREFECTURE_NUMBERS.get(name_key(prefecture), "")


def _names(member: Member) -> tuple[str, str]:
    return name_key(member.name), name_key(member.county + member.name)
