"""■基準, ■段階表, ■係数表, ■グループ, ■請求書 and ■精算 as sentences."""

from collections.abc import Mapping

from apportion.language import spelling
from apportion.language.describe import terms
from apportion.language.describe.sentence import Sentence, Sentences, each, legal
from apportion.language.describe.words import name, said, who
from apportion.rulebook import (
    Basis,
    Coefficients,
    Doubling,
    Group,
    Name,
    Remark,
    Settlement,
    TierTable,
)


def basis(block: Basis) -> Sentences:
    """■基準."""
    ending = "となるように決めます。" if isinstance(block.formula, Doubling) else "です。"
    text = f"値は、{said(spelling.value(block.formula))}{ending}"
    yield Sentence(text=text, source=block.formula.source)
    yield from each([block.decimals], terms.decimals)
    yield from _unit(block)


def tiers(block: TierTable) -> Sentences:
    """■段階表."""
    how = "段ごとの率を積み上げます" if block.marginal else "入る段の値をそのまま使います"
    yield Sentence(text=f"{name(block.by)}の段で決めます。{how}。", source=block.by.source)
    for row in block.rows:
        step = spelling.measure(spelling.words(row.source))
        yield Sentence(text=f"{step}は{said(spelling.formula(row.value))}です。", source=row.source)
    yield from _unit(block)


def coefficients(block: Coefficients) -> Sentences:
    """■係数表."""
    if block.percent:
        text = "割合の決まった表です。参加団体の割合の合計は100%です。"
        yield Sentence(text=text, source=block.source)
    for row, value in block.rows:
        text = f"{name(row)}は{said(spelling.formula(value))}です。"
        yield Sentence(text=text, source=row.source)
    yield from _unit(block)


def group(block: Group) -> Sentences:
    """■グループ."""
    yield Sentence(text=f"団体は、{who(block.members)}です。", source=block.members.source)
    yield from each([block.lead], _lead)


def settlement(block: Settlement) -> Sentences:
    """■精算."""
    text = (
        f"決算での差額は、{block.difference}とします。基礎数値は、{block.figures}のものを使います。"
    )
    yield Sentence(text=text, source=block.source)
    yield from each(block.legal, legal)


def invoice(texts: Mapping[str, tuple[Remark, ...]]) -> Sentences:
    """■請求書."""
    for key, remarks in texts.items():
        for remark in remarks:
            yield Sentence(text=f"{key}: {remark.text}", source=remark.source)


def _lead(node: Name) -> str:
    return f"負担金は、代表の{name(node)}にまとめて請求します。"


def _unit(block: Basis | TierTable | Coefficients) -> Sentences:
    if block.unit:
        yield Sentence(text=f"単位は{block.unit}です。", source=block.source)
