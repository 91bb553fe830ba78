"""Every message code with its level and title. The number never changes its meaning.

A code has a page in `apportion/help/` and a folder in `tests/errors/`.
"""

from apportion.catalogue import inputs, work

SUBJECTS = {
    "W1": "ファイルと表",
    "W2": "規則の文",
    "W3": "団体、名簿、基礎数値",
    "W4": "予算と合計",
    "W5": "割り方、上限と下限、端数",
    "W6": "出力",
    "W7": "請求書の様式",
    "W8": "年度の仕事",
    "W9": "コマンド、収納",
}
"""What the first digit of a code tells."""

_KINDS = {
    "ERROR": inputs.ERRORS | work.ERRORS,
    "WARNING": inputs.WARNINGS | work.WARNINGS,
    "NOTICE": inputs.NOTICES | work.NOTICES,
}

LEVELS = {code: level for level, titles in _KINDS.items() for code in titles}
TITLES = {code: title for titles in _KINDS.values() for code, title in titles.items()}
