"""Names inside sentences: in 「」 only where they would not be read as one name."""

from collections.abc import Iterable

from apportion.language import spelling
from apportion.rulebook import Name, Who


def said(spelled: str) -> str:
    """A spelled value as part of a sentence."""
    return spelling.bare(spelled, spelling.AMONG_WORDS)


def name(node: Name) -> str:
    """A name."""
    return said(spelling.name(node))


def names(nodes: Iterable[Name]) -> str:
    """Names of budget lines, as a ■見出し has them."""
    return spelling.bare(spelling.names(nodes), spelling.IN_A_LIST)


def who(node: Who) -> str:
    """Members and groups."""
    return said(spelling.who(node))
