"""The messages: level, title, help page and texts of a code, as `apportion/help/W403.txt` has them.

The number of a code never changes its meaning. A file is read when its code is first asked for.

    エラー　規則のない経費          level and title

    （the page that `apportion help W403` prints）

    ====                            the texts of the message, with the facts that the code gives
    何が: 「{project}」の「{line}」に、負担のきまりがありません。
    なぜ: …
    直し方: …

    ==== near                       another text, told as "W403.near": what it leaves out is as above
    直し方: …
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

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

_PARTS = {"何が": "what", "なぜ": "why", "直し方": "fix"}
_MARK = "===="


_PAGES = Path(__file__).parents[1] / "help"
_TOPICS = _PAGES.with_name("topics")


class Texts(NamedTuple):
    """Templates of one message; what is in braces are its facts."""

    what: str
    why: str = ""
    fix: str = ""


class Entry(NamedTuple):
    """All about one code; `texts` by name, "" where a code has only one or for the plain one."""

    level: str
    title: str
    page: str
    texts: Mapping[str, Texts]


@cache
def codes() -> tuple[str, ...]:
    """Every code there is, in order."""
    return tuple(sorted(page.stem for page in _PAGES.iterdir()))


@cache
def topics() -> Mapping[str, str]:
    """Pages on what the year asks for (apportion/topics/seal.txt), by each of their names."""
    heads = [page.read_text(encoding="utf-8").partition("\n") for page in _TOPICS.iterdir()]
    return {name: page for names, _, page in heads for name in names.split("、")}


@cache
def entry(code: str) -> Entry:
    """Level, title, page and texts of a code (`W403`)."""
    head, _, rest = (_PAGES / f"{code}.txt").read_text(encoding="utf-8").partition("\n")
    page, *sections = rest.split(f"\n{_MARK}")
    level, _, title = head.partition("　")
    return Entry(level, title, f"{title}\n{page.rstrip()}\n", _texts(sections))


def texts(name: str) -> Texts:
    """Texts of a message: `W404` the plain one, `W404.near` another one of the same code."""
    code, _, variant = name.partition(".")
    return entry(code).texts[variant]


def _texts(sections: list[str]) -> dict[str, Texts]:
    found: dict[str, Texts] = {}
    for section in sections:
        name, _, body = section.partition("\n")
        own: dict[str, str] = found[""]._asdict() if "" in found else {}
        part = ""
        for line in body.strip().splitlines():
            if line.startswith(" "):  # goes on
                own[part] += f"\n{line}"
                continue
            heading, _, text = line.partition(":")
            part = _PARTS[heading]
            own[part] = text.strip()
        found[name.strip()] = Texts(**own)
    return found
