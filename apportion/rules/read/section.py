"""One block of a rule file: its items by key, and the reading of their values one by one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import TypeVar

from apportion.core.dataclass import dataclass
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import name_key
from apportion.rules import messages
from apportion.rules.book import Remark
from apportion.rules.read.forms import example
from apportion.rules.read.names import Lexicon, LineError, strange
from apportion.rules.read.scan import Heading, Item, Piece, Section
from apportion.rules.read.years import FORM, holds, limited

T = TypeVar("T")
Reader = Callable[[Piece, Lexicon], T]

HEAD = "ファイルの先頭"
KEYS: Mapping[str, tuple[str, ...]] = {
    HEAD: (
        *("書式", "事業", "年度", "状態", "名簿", "根拠", "基礎数値", "端数", "途中参加"),
        *("納期", "期割の端数", "休日", "上限", "下限", "未対応", "備考"),
    ),
    "経費": (
        *("名簿", "対象", "差し引く", "負担割合", "上限", "下限", "旧名", "課税区分"),
        *("団体別加減", "平準化", "端数", "途中参加", "基礎数値", "根拠", "納期", "未対応", "備考"),
        "検算",
    ),
    "基準": ("値", "端数", "単位"),
    "段階表": ("区分", "読み方", "単位"),
    "係数表": ("単位",),
    "グループ": ("団体", "代表"),
    "請求書": (
        *("発行者", "住所", "代表者", "発行日", "文書番号", "変更文書番号", "再発行文書番号"),
        *("精算文書番号", "還付文書番号", "件名", "本文", "納入場所", "振込先", "口座名義"),
        *("口座名義カナ", "発行責任者", "担当者", "公印", "公印画像", "課税注記", "通知期限"),
        *("登録番号", "再発行", "指標一覧", "様式", "請求の単位", "金額の表し方", "備考"),
        *("再発行日", "変更発行日", "変更件名", "変更本文", "変更様式"),
        *("精算発行日", "精算納期限", "精算件名", "精算本文", "精算様式"),
    ),
    "精算": ("差額", "基礎数値", "根拠"),
}
"""Keys of each block, as the manual lists them; blocks of ROWS take other keys as rows."""

LESS = ("減免", "軽減", "減額", "免除")
"""What ordinances call a 上限 of a part of a member's own amount."""
PRICE = "単価"
ROWS = ("段階表", "係数表")
REPEATABLE = {
    HEAD: {"根拠", "基礎数値", "上限", "下限", "未対応", "備考"},
    "経費": {
        *("差し引く", "負担割合", "上限", "下限", "旧名", "団体別加減", "検算"),
        *("基礎数値", "根拠", "未対応", "備考"),
    },
    "請求書": {"本文", "変更本文", "精算本文", "備考"},
    "精算": {"根拠"},
}
KINDS = tuple(kind for kind in KEYS if kind != HEAD)


@dataclass(slots=True)
class Block:
    """Items of one section by key. Reading a value notes what is wrong with it.

    `idle` are those of other years: they are read, and give nothing.
    """

    kind: str
    heading: Heading | None
    lexicon: Lexicon
    items: dict[str, list[Item]] = field(default_factory=dict)
    rows: list[Item] = field(default_factory=list)
    idle: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def source(self) -> Source:
        """Place of the block's name, or of its ■見出し where it has none."""
        assert self.heading is not None
        named = self.heading.name if self.heading.name.text else self.heading.kind
        return named.source

    @property
    def title(self) -> str:
        """How messages call the block."""
        return self.kind if self.kind == HEAD else f"■{self.kind}"

    def all(self, key: str, reader: Reader[T]) -> tuple[T, ...]:
        """Values of every line with `key` that can be read."""
        tuple(self._read([i for i in self.idle if name_key(i.key.text) == key], reader))
        return tuple(self._read(self.items.get(key, ()), reader))

    def one(self, key: str, reader: Reader[T]) -> T | None:
        """Value of the line with `key`; None where there is none or it cannot be read."""
        return next(iter(self.all(key, reader)), None)

    def need(self, key: str, reader: Reader[T]) -> T | None:
        """Value of a line that must be there."""
        if key not in self.items:
            form = example(key, self.kind)
            self.problems.append(messages.missing(self.source, self.title, form))
        return self.one(key, reader)

    def attempt(self, piece: Piece, reader: Reader[T]) -> T | None:
        """Value of `piece`; None, with the problem noted, where it cannot be read."""
        found = self._tried(piece, reader)
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return found

    def _read(self, items: Iterable[Item], reader: Reader[T]) -> Iterable[T]:
        for item in items:
            found = self._tried(item.value, reader)
            key = name_key(item.key.text)
            if isinstance(found, Problem) or strange(key, found, self.lexicon):
                # Rules without a mistake never need the words of ordinances: loading takes time.
                from apportion.rules.read.wording import otherwise  # noqa: PLC0415

                found = otherwise(item, self.lexicon, reader, found, self.items) or found
            if isinstance(found, Problem):
                self.problems.append(found)
            elif found is not None:
                yield found

    def _tried(self, piece: Piece, reader: Reader[T]) -> T | Problem:
        try:
            return reader(piece, self.lexicon)
        except LineError as error:
            return error.problem


def open_block(section: Section, kind: str, lexicon: Lexicon) -> Block:
    """Items of a section sorted by key; unknown, repeated and empty ones are noted."""
    block = Block(kind, section.heading, lexicon)
    for item in section.items:
        _sort_in(block, item)
    return block


def remark(piece: Piece, _lexicon: Lexicon) -> Remark:
    """Free text, as it stands in the file."""
    return Remark(piece.written, piece.source)


def choice(*words: str) -> Reader[str]:
    """Reader of a value that is one of `words`."""
    by_key = {name_key(word): word for word in words}

    def read(piece: Piece, _lexicon: Lexicon) -> str:
        key = name_key(piece.text)
        if key not in by_key:
            raise LineError(messages.choice(piece.source, words, messages.meant(piece.text, words)))
        return by_key[key]

    return read


def _sort_in(block: Block, item: Item) -> None:
    key = name_key(item.key.text)
    known = key in KEYS[block.kind]
    if not known and not (block.kind in ROWS and _is_row(block.kind, key)):
        _unknown(block, item)
        return
    try:
        item, years = limited(item, row=not known)
    except LineError as error:
        block.problems.append(error.problem)
        block.items.setdefault(key, [])
        return
    if not holds(years, block.lexicon.year):
        block.idle.append(item)
        return
    place = block.items.setdefault(key, [])
    if place and key not in REPEATABLE.get(block.kind, ()):
        block.problems.append(messages.repeated(item.key.source, place[0].key.line.number))
    elif not item.value.text:
        block.problems.append(tell("W211", item.key.source, form=example(key, block.kind)))
    elif known:
        place.append(item)
    else:
        place.append(item)
        block.rows.append(item)


def _is_row(kind: str, key: str) -> bool:
    """Whether an unknown key is a row: a step of a 段階表 has a number, a mistyped 読み方 none."""
    return bool(key) and (kind != "段階表" or any(sign.isdigit() for sign in key))


def _unknown(block: Block, item: Item) -> None:
    keys = KEYS[block.kind]
    key = name_key(item.key.text)
    if key in LESS and "上限" in keys:
        from apportion.rules.read.wording import reduced  # noqa: PLC0415  the same

        exact = reduced(item.value.text, block.lexicon)
        line = exact or "上限: C村ごとに もとの額の50%、超えた分は参加団体が負担"
        block.problems.append(
            tell("W205.less" if exact else "W205.less-form", item.key.source, key=key, line=line)
        )
        return
    if key == PRICE and "負担割合" in keys:
        block.problems.append(tell("W205.price", item.key.source, form=FORM))
        return
    meant = messages.meant(key, keys)
    if meant:
        # The key that was meant is there: that it is missing must not be said as well.
        block.items.setdefault(meant, [])
    home = next((kind for kind, others in KEYS.items() if key in others), "")
    home = home if home in ("", HEAD) else f"■{home}"
    block.problems.append(messages.unknown_key(item.key.source, keys, block.title, home))
