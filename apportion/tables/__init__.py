"""Tables: the CSV and XLSX files of a workspace as the words of the model, each with its place."""

from apportion.tables.files import copy_fault, is_copy, is_hidden
from apportion.tables.loading import load

__all__ = ["copy_fault", "is_copy", "is_hidden", "load"]
