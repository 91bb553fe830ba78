"""The rules as understood, for people: sentences in plain Japanese, and the shares as a table."""

from apportion.language.describe.chapters import Chapter, chapters
from apportion.language.describe.matrix import Row, drivers, matrix
from apportion.language.describe.sentence import Sentence

__all__ = ["Chapter", "Row", "Sentence", "chapters", "drivers", "matrix"]
