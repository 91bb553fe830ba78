"""Names of the placeholders of a template."""

import re

from apportion.text import name_key

TOTAL, STATE, ADDRESSEES = "納入金額", "状態", ("宛先", "団体名")
PREVIOUS = "内訳n前年度"

SAID = ("発行者", "発行責任者", "担当者")
TAXES = ("登録番号", "課税対象額", "消費税額")
"""What a 適格請求書 must say; the last two in a sentence are 消費税の内訳."""
TAX_WORDS = "消費税の内訳"
PAYMENT = ("納入場所", "振込先", "口座名義", "口座名義カナ")
_DERIVED = (
    *(STATE, "表題", "宛先", "団体名", "団体コード", "年度", "文書番号", "整理番号", "件名"),
    *(
        "本文",
        "請求の事由",
        "根拠",
        "所属年度",
        "科目",
        "課税注記",
        "備考",
        "再発行",
        "公印",
        "金額の見出し",
    ),
)
DAYS = ("発行日", "第n期納期限")
MONEY = (
    *(TOTAL, "合計", "前年度合計", "増減合計", "内訳n負担金額", PREVIOUS, "内訳n増減"),
    *("第n期金額", *TAXES[1:], "不課税額"),
)
_NUMBERED_TEXTS = ("内訳n事業", "第n期")
NAMES = (*_DERIVED, *SAID, *PAYMENT, TAXES[0], TAX_WORDS, *DAYS, *MONEY, *_NUMBERED_TEXTS)
"""Every placeholder; n stands for a number from 1."""

_NUMBERED = re.compile(r"(内訳|第)([1-9][0-9]?)(.+)")


def kind_of(name: str) -> tuple[str, int]:
    """`内訳n事業` and 3 for `内訳3事業`; the name and 0 where it has no number."""
    found = _NUMBERED.fullmatch(name_key(name))
    return (f"{found[1]}n{found[3]}", int(found[2])) if found else (name_key(name), 0)


def known(name: str) -> bool:
    """Whether a placeholder of this name exists."""
    kind, number = kind_of(name)
    return kind in NAMES and ("n" in kind) == (number > 0)
