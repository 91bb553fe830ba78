"""`python -m apportion.page [FILE]`: the whole program in one file, from pinned parts, the same bytes each time.

Needs npm, and pip for the wheels of wheels.txt. What is fetched is kept in `web/parts/`.
"""

import sys
from pathlib import Path

from apportion.page.build import TARGET, build


def main() -> None:
    """Build, and say how large it became."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    build(target)
    sys.stdout.write(f"{target}  {target.stat().st_size / 1_000_000:.1f} MB\n")


if __name__ == "__main__":
    main()
