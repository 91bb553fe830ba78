"""The first workspace of a new council: a fictitious council that uses all of the rule language.

`council/` is itself a workspace, with its tables as CSV; `apportion init` writes them as workbooks.
"""
