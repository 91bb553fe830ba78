"""A second derivation of the charges of 令和3, 令和4 and 令和6, and of 令和7 with its cap.

Like `derive_r7.py` it shares no code with the program. The budgets stand in `budgets.py`. With
`cap=True` the charges of r7 obey `上限: 前年度の115%、超えた分は残りの団体で割り直す` on 施設予約's
運用支援業務等: nobody pays more than 115% of its charge of r6, cut to whole yen.

    python -m tests.golden.derive_years r4         the charges as CSV on stdout (r3, r4, r6, r7)
    python -m tests.golden.derive_years --write    all of them into charges_*.csv beside this file
    python -m tests.golden.derive_years --check    the check figures, on stderr; exit 1 if one fails
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.golden.budgets import OTHERS, R3, R4, R6
from tests.golden.charging import (
    BUPPIN,
    CALS,
    ROOT,
    SHINSEI,
    SHISETSU,
    Charge,
    Project,
    Year,
    as_csv,
    line_of,
    write,
    year_charges,
)
from tests.golden.checklist import (
    Cell,
    Check,
    EvenLine,
    Rest,
    cell_checks,
    even_checks,
    report,
    rest_checks,
    total_checks,
)
from tests.golden.derive_r7 import R7, SECURITY
from tests.golden.derive_r7 import TOTALS as R7_TOTALS
from tests.golden.splits import PREFECTURE, at_most

if TYPE_CHECKING:
    from pathlib import Path

YEARS = {"r3": R3, "r4": R4, "r6": R6, "r7": R7}
CAPPED = "運用支援業務等"
KASUGAI = "232068"


# --- the cap of r7 --------------------------------------------------------------------------------


def caps(root: Path) -> dict[str, int]:
    """115% of the charge of r6 for 運用支援業務等, cut to whole yen."""
    last = line_of(year_charges(root, R6), SHISETSU, CAPPED)
    return {code: yen * 115 // 100 for code, _, _, _, yen in last}


def capped(root: Path) -> Year:
    """The budget of r7, its 運用支援業務等 with the cap."""
    bounds = caps(root)

    def project_with_cap(project: Project) -> Project:
        if project.name != SHISETSU:
            return project
        lines = (
            replace(line, split=at_most(bounds, line.split)) if line.name == CAPPED else line
            for line in project.lines
        )
        return replace(project, lines=tuple(lines))

    return replace(R7, projects=tuple(map(project_with_cap, R7.projects)))


def charges(root: Path, folder: str, *, cap: bool = False) -> list[Charge]:
    """All charges of a year; `cap` is for r7."""
    if cap and folder != "r7":
        message = f"no cap in {folder}"
        raise ValueError(message)
    return year_charges(root, capped(root) if cap else YEARS[folder])


# --- the check list -------------------------------------------------------------------------------

TOTALS = {
    "r3": (30_667_000, 44_555_000, 50_856_000, 136_900_000, 92_137_000, 355_115_000),
    "r4": (30_380_000, 40_959_000, 57_663_000, 132_966_000, 91_939_000, 353_907_000),
    "r6": (28_758_000, 57_169_000, 133_852_000, 98_840_000, 32_742_000, 351_361_000),
}
EVEN_LINES: dict[str, tuple[EvenLine, ...]] = {
    "r3": (
        (SHINSEI, "調査・研修費", 54, (3_537, 3_539)),
        (SHINSEI, "事務費", 54, (31_814, 31_858)),
        (OTHERS, "共同セキュリティ監査費", 52, (238_192, 238_193)),
        (OTHERS, "標的型攻撃メール対策訓練委託費", 40, (229_000, 229_000)),
        (OTHERS, "共通課題研究事業費", 54, (159_870, 159_871)),
        (SHISETSU, "システム環境構築作業・運用準備", 40, (132_650, 132_650)),
        (CALS, "インターネットVPN接続費用", 34, (36_500, 36_500)),
        (CALS, "導入教育（発注者研修）環境整備", 50, (18_920, 18_920)),
        (CALS, "ヘルプデスク（定時受付時増強）", 50, (124_300, 124_300)),
        (CALS, "事務費", 50, (10_000, 10_000)),
        (BUPPIN, "インターネットVPN接続費用", 38, (8_000, 8_000)),
        (BUPPIN, "FAX送信代行委託経費", 38, (5_210, 5_211)),
        (BUPPIN, "事務費", 38, (10_000, 10_000)),
    ),
    "r4": (
        (SHINSEI, "調査・研修費", 54, (3_000, 3_000)),
        (SHINSEI, "事務費", 54, (27_037, 27_039)),
        (OTHERS, "共同セキュリティ監査費", 53, (221_962, 221_963)),
        (OTHERS, "標的型攻撃メール対策訓練委託費", 43, (229_000, 229_000)),
        (OTHERS, "自治体DX推進支援事業費", 54, (92_074, 92_075)),
        (SHISETSU, "システム環境構築作業・運用準備", 40, (281_050, 281_050)),
        (SHISETSU, "事務費", 40, (5_000, 5_000)),
        (CALS, "システム機能改善経費", 50, (145_500, 145_500)),
        (CALS, "インターネットVPN接続費用", 34, (36_500, 36_500)),
        (CALS, "導入教育（発注者研修）環境整備", 50, (18_920, 18_920)),
        (CALS, "事務費", 50, (8_500, 8_500)),
        (BUPPIN, "システム機能改善経費", 38, (341_578, 341_579)),
        (BUPPIN, "インターネットVPN接続費用", 38, (8_000, 8_000)),
        (BUPPIN, "コアシステム年間保守料", 38, (59_710, 59_711)),
        (BUPPIN, "事務費", 38, (10_000, 10_000)),
    ),
    "r6": (
        (SHISETSU, "システム環境構築作業・運用準備", 40, (281_050, 281_050)),
        (CALS, "インターネットVPN接続費用", 24, (29_875, 29_875)),
        (CALS, "事務費", 50, (8_500, 8_500)),
        (BUPPIN, "システム機能改善経費", 38, (341_578, 341_579)),
        (BUPPIN, "インターネットVPN接続費用", 38, (8_342, 8_343)),
        (BUPPIN, "コアシステム年間保守料", 38, (59_710, 59_711)),
        (BUPPIN, "事務費", 38, (9_657, 9_658)),
        (SECURITY, "共同セキュリティ監査", 52, (246_500, 246_500)),
        (SECURITY, "自治体DX推進支援", 54, (75_777, 75_778)),
        (SECURITY, "事務費及び調査・研修費", 54, (26_962, 27_014)),
    ),
}
SINGLE_CELLS: dict[str, tuple[Cell, ...]] = {
    "r3": (
        (SHINSEI, "システム運用保守", PREFECTURE, 5_445_000),
        (CALS, "サービス利用料（令和4年9月30日まで）", PREFECTURE, 58_727_000),
        (BUPPIN, "サービス利用料", PREFECTURE, 22_801_800),
    ),
    "r4": (
        (CALS, "サービス利用料（令和4年9月30日まで）", PREFECTURE, 29_363_500),
        (CALS, "サービス利用料（令和4年10月1日から）", PREFECTURE, 30_541_500),
        (CALS, "サービス利用料（令和4年10月1日から）", "235016", 474_599),
        (BUPPIN, "サービス利用料", PREFECTURE, 22_801_800),
    ),
    "r6": (
        (SHINSEI, "機能改善等", PREFECTURE, 1_528_000),
        (SHINSEI, "広報費", PREFECTURE, 216_500),
        (SHISETSU, CAPPED, KASUGAI, 2_572_667),
        (CALS, "第四期サービス利用料", PREFECTURE, 61_083_000),
        (BUPPIN, "サービス利用料", PREFECTURE, 24_872_100),
    ),
}
RESTS: dict[str, tuple[Rest, ...]] = {
    "r3": (
        (SHINSEI, "調査・研修費", 2, 1),
        (SHINSEI, "事務費", 44, 1),
        (OTHERS, "共同セキュリティ監査費", 16, 16),
        (OTHERS, "共通課題研究事業費", 20, 20),
        (BUPPIN, "FAX送信代行委託経費", 20, 20),
    ),
    "r4": (
        (SHINSEI, "事務費", 2, 1),
        (OTHERS, "共同セキュリティ監査費", 14, 14),
        (OTHERS, "自治体DX推進支援事業費", 4, 4),
        (BUPPIN, "システム機能改善経費", 36, 36),
        (BUPPIN, "コアシステム年間保守料", 20, 20),
    ),
    "r6": (
        (BUPPIN, "インターネットVPN接続費用", 4, 4),
        (BUPPIN, "事務費", 34, 34),
        (SECURITY, "自治体DX推進支援", 42, 42),
        (SECURITY, "事務費及び調査・研修費", 52, 1),
    ),
}


def year_checks(root: Path, folder: str) -> list[Check]:
    """The list of a year without a cap."""
    found = charges(root, folder)
    return [
        *total_checks(found, YEARS[folder], TOTALS[folder]),
        *even_checks(found, EVEN_LINES[folder]),
        *cell_checks(found, SINGLE_CELLS[folder]),
        *rest_checks(found, RESTS[folder]),
    ]


def cap_checks(root: Path) -> list[Check]:
    """What the cap does, and that it does nothing else."""
    plain, held = charges(root, "r7"), charges(root, "r7", cap=True)
    bounds = caps(root)
    line = {code: (exact, yen) for code, _, _, exact, yen in line_of(held, SHISETSU, CAPPED)}
    before = {code: exact for code, _, _, exact, _ in line_of(plain, SHISETSU, CAPPED)}
    at_cap = sorted(code for code, (exact, _) in line.items() if exact == bounds[code])
    rises = {exact / before[code] for code, (exact, _) in line.items() if code not in at_cap}
    others = [(a, b) for a, b in zip(plain, held, strict=True) if a[1:3] != (SHISETSU, CAPPED)]
    return [
        *total_checks(held, R7, R7_TOTALS),
        ("at the cap", at_cap, [KASUGAI]),
        ("the cap of 春日井市", bounds[KASUGAI], 2_958_567),
        ("above the cap", [code for code, (_, yen) in line.items() if yen > bounds[code]], []),
        ("ratios by which the others rise", len(rises), 1),
        ("other lines that the cap changes", sum(a != b for a, b in others), 0),
    ]


def all_checks(root: Path) -> list[Check]:
    """The whole list, every label with its year."""
    parts = {folder: year_checks(root, folder) for folder in TOTALS} | {"r7": cap_checks(root)}
    return [
        (f"{name} {label}", value, wanted)
        for name, part in parts.items()
        for label, value, wanted in part
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the charges, or check them."""
    if "--check" in arguments:
        return 0 if report(all_checks(ROOT)) else 1
    wanted = ["r3", "r4", "r6", "r7"]
    if "--write" in arguments:
        for name in wanted:
            write(f"charges_{name}.csv", charges(ROOT, name, cap=name == "r7"))
        return 0
    for name in (name for name in wanted if name in arguments):
        text = as_csv(charges(ROOT, name, cap=name == "r7"))
        sys.stdout.buffer.write(text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
