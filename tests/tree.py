"""The words of the tree that a rule text becomes: every class of the nodes and of the blocks."""

from apportion.rules import book, nodes

_AROUND = {book.RuleBook, book.Scope}
"""Not words: all files together, and what a name means in one of them."""


def words_of_the_tree() -> tuple[type, ...]:
    """Classes of nodes, blocks and choices, in the order of their names."""
    found = {
        kind
        for module in (nodes, book)
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__
    }
    return tuple(sorted(found - _AROUND, key=lambda kind: kind.__name__))
