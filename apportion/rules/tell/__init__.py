"""The rules as understood, for people: sentences in plain Japanese, and the shares as a table."""

from apportion.rules.tell.chapters import Chapter, ShareRow, chapters, drivers, matrix
from apportion.rules.tell.sentences import Sentence

__all__ = ["Chapter", "Sentence", "ShareRow", "chapters", "drivers", "matrix"]
