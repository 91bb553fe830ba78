"""What stands behind each key of a rule file: how it is read, and how it is spelled.

Keys that are not here hold free text, which is nobody's to change.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from apportion.language import (
    arith,
    blocks,
    clauses,
    dates,
    dues,
    extras,
    printed,
    spelling,
    terms,
    who,
)
from apportion.language.file import FORMAT, HOLIDAYS
from apportion.language.names import Lexicon
from apportion.language.scan import Piece
from apportion.language.section import HEAD, Reader, choice
from apportion.rulebook import Name, Remark
from apportion.rulebook.book import STATES
from apportion.year import FiscalYear


class Form(NamedTuple):
    """Reader and spelling of one kind of value."""

    read: Reader[Any]
    spell: Callable[[Any], str]


def _name(node: Name) -> str:
    return spelling.plain(node.text)


def _choice(*words: str) -> Form:
    return Form(choice(*words), str)


def _remark(node: Remark) -> str:
    return node.text


def _year(piece: Piece, _lexicon: Lexicon) -> str:
    year = FiscalYear.parse(piece.text)
    return year.label if year else piece.text


NAME = Form(who.name, _name)
LIST = Form(who.former, spelling.names)
FORMULA = Form(arith.row, spelling.formula)

_BOTH: Mapping[str, Form] = {
    "名簿": NAME,
    "基礎数値": Form(dates.bind, spelling.bind),
    "端数": Form(terms.rounding, spelling.rounding),
    "途中参加": Form(terms.proration, spelling.proration),
    "納期": Form(dues.plan, spelling.plan),
    "上限": Form(terms.upper, spelling.bound),
    "下限": Form(terms.lower, spelling.bound),
}

FORMS: Mapping[str, Mapping[str, Form]] = {
    HEAD: {
        **_BOTH,
        "書式": _choice(FORMAT),
        "事業": NAME,
        "年度": Form(_year, str),
        "状態": _choice(*STATES),
        "期割の端数": Form(terms.due_rounding, spelling.due_rounding),
        "休日": _choice(*HOLIDAYS),
    },
    "経費": {
        **_BOTH,
        "対象": Form(arith.base, spelling.formula),
        "差し引く": Form(extras.deduct, spelling.deduct),
        "負担割合": Form(clauses.clause, spelling.clause),
        "旧名": LIST,
        "課税区分": _choice(*blocks.TAXES),
        "団体別加減": Form(extras.adjust, spelling.adjust),
        "平準化": Form(terms.smoothing, spelling.smoothing),
        "検算": Form(extras.assertion, spelling.assertion),
    },
    "基準": {
        "値": Form(arith.basis, spelling.value),
        "端数": Form(terms.decimals, spelling.decimals),
        "単位": NAME,
    },
    "段階表": {"区分": NAME, "読み方": _choice(*blocks.READINGS), "単位": NAME},
    "係数表": {"単位": NAME},
    "グループ": {"団体": Form(who.circle, spelling.who), "代表": NAME},
    "請求書": {
        "公印": _choice(*printed.SEALS),
        "指標一覧": _choice(*printed.FIGURES),
        "登録番号": Form(printed.registered, _remark),
    },
    "精算": {
        "差額": _choice(*blocks.DIFFERENCES),
        "基礎数値": _choice(*blocks.FIGURE_TIMES),
    },
}
"""Form of each key that has one, by block."""
