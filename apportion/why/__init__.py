"""Why an amount changed, and what it would be if: two outcomes side by side, and changes in memory.

Data only; its sentences stand in `words`.
"""
