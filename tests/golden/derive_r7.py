"""A second derivation of the charges of 令和7年度, kept as a golden test.

It was written from the published budget of あいち電子自治体推進協議会 and the example rules of r7
alone and shares no code with the program: budget amounts and split formulas are typed below. What
it shares with the other years stands in `splits.py`, `charging.py` and `checklist.py`. The cap of
施設予約's 運用支援業務等 is applied in `derive_years.py`, which knows the charges of r6.

    python -m tests.golden.derive_r7            the charges as CSV on stdout
    python -m tests.golden.derive_r7 --write    the same into charges_r7.csv beside this file
    python -m tests.golden.derive_r7 --check    the check figures, on stderr; exit 1 if one fails
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.golden.charging import (
    BUPPIN,
    CALS,
    ROOT,
    SHINSEI,
    SHISETSU,
    Charge,
    Line,
    Project,
    Year,
    as_csv,
    line_of,
    year_charges,
)
from tests.golden.checklist import (
    Check,
    cell_checks,
    even_checks,
    report,
    rest_checks,
    total_checks,
)
from tests.golden.splits import (
    PREFECTURE,
    at_least,
    bodies_first,
    degressive,
    equally,
    mixed,
    population,
    prefecture_first,
    tier,
)

if TYPE_CHECKING:
    from pathlib import Path

JOINERS = ("234427", "235016")  # 東浦町 and 幸田町, 新規団体 of 電子調達（物品等）
SECURITY = "セキュリティ等関連事業"

# --- the budget, in 千円, and the example rules ---------------------------------------------------

TOWNS_HALF_AND_HALF = prefecture_first(20, mixed(50, population))
GOODS_SERVICE = prefecture_first(30, at_least(500_000, mixed(30, degressive)))

R7 = Year(
    "r7",
    "令和2年10月1日",
    (
        Project(
            SHINSEI,
            "電子申請",
            (
                Line("システム運用保守", 40_656, prefecture_first(25, mixed(20, population))),
                Line("機能改善等", 0),
                Line("広報費", 0),
                Line("事務費", 200, rest_to_prefecture=True),
            ),
        ),
        Project(
            SHISETSU,
            "施設予約",
            (
                Line("システム環境構築作業・運用準備", 11_242),
                Line("運用支援業務等", 44_710, mixed(30, population)),
                Line("事務費", 200),
            ),
        ),
        Project(
            CALS,
            "電子調達CALS",
            (
                Line("システム機能改善経費", 7_275),
                Line("第四期サービス利用料", 122_166, prefecture_first(50, mixed(30, tier))),
                Line("ヘルプデスク（定時受付時増強）", 7_293),
                Line("インターネットVPN接続費用", 744, roster="旧LGWAN接続"),
                Line("コアシステム年間保守料", 2_269),
                Line("LGPKIクライアントソフト購入費", 0),
                Line("その他運営経費", 1_000),
                Line("事務費", 300),
            ),
        ),
        Project(
            BUPPIN,
            "電子調達物品",
            (
                Line("システム機能改善経費", 27_344),
                Line("サービス利用料", 84_357, GOODS_SERVICE),
                Line("インターネットVPN接続費用", 344, bodies_first(JOINERS, 27_000, equally)),
                Line("コアシステム年間保守料", 2_269),
                Line("事務費", 300),
            ),
        ),
        Project(
            SECURITY,
            "セキュリティ",
            (
                Line("共同セキュリティ監査", 13_299, roster="共同監査"),
                Line("内部監査、規程改正支援", 2_384, TOWNS_HALF_AND_HALF),
                Line("標的型攻撃メール対策訓練", 0),
                Line("情報セキュリティ対策", 7_408, TOWNS_HALF_AND_HALF),
                Line("協議会Web運営", 4_584, TOWNS_HALF_AND_HALF),
                Line("自治体DX推進支援", 3_630),
                Line("事務費及び調査・研修費", 1_448, rest_to_prefecture=True),
            ),
        ),
    ),
)


def charges(root: Path) -> list[Charge]:
    """All charges of 令和7年度, without the cap."""
    return year_charges(root, R7)


# --- the check list -------------------------------------------------------------------------------

TOTALS = (40_856_000, 56_152_000, 141_047_000, 114_614_000, 32_753_000, 385_422_000)
# 事業, 経費, bodies, their lowest and highest charge
EVEN_LINES = (
    (SHINSEI, "事務費", 54, (3_703, 3_741)),
    (SHISETSU, "システム環境構築作業・運用準備", 40, (281_050, 281_050)),
    (SHISETSU, "事務費", 40, (5_000, 5_000)),
    (CALS, "システム機能改善経費", 50, (145_500, 145_500)),
    (CALS, "ヘルプデスク（定時受付時増強）", 50, (145_860, 145_860)),
    (CALS, "インターネットVPN接続費用", 24, (31_000, 31_000)),
    (CALS, "コアシステム年間保守料", 50, (45_380, 45_380)),
    (CALS, "その他運営経費", 50, (20_000, 20_000)),
    (CALS, "事務費", 50, (6_000, 6_000)),
    (BUPPIN, "システム機能改善経費", 40, (683_600, 683_600)),
    (BUPPIN, "インターネットVPN接続費用", 40, (7_925, 21_425)),
    (BUPPIN, "コアシステム年間保守料", 40, (56_725, 56_725)),
    (BUPPIN, "事務費", 40, (7_500, 7_500)),
    (SECURITY, "共同セキュリティ監査", 52, (255_750, 255_750)),
    (SECURITY, "自治体DX推進支援", 54, (67_222, 67_223)),
    (SECURITY, "事務費及び調査・研修費", 54, (26_814, 26_858)),
)
# 事業, 経費, 団体コード, the exact amount to the nearest yen
SINGLE_CELLS = (
    (SHINSEI, "システム運用保守", PREFECTURE, 10_164_000),
    (SHINSEI, "システム運用保守", "232114", 2_092_353),
    (SHINSEI, "システム運用保守", "235636", 119_826),
    (CALS, "第四期サービス利用料", PREFECTURE, 61_083_000),
    (BUPPIN, "サービス利用料", PREFECTURE, 25_307_100),
)
# 事業, 経費, the rest, the bodies that bear it
RESTS = (
    (SHINSEI, "事務費", 38, 1),
    (SECURITY, "自治体DX推進支援", 12, 12),
    (SECURITY, "事務費及び調査・研修費", 44, 1),
)


def other_checks(found: Sequence[Charge]) -> list[Check]:
    """The joiners and the floor of 電子調達（物品等）."""
    vpn = line_of(found, BUPPIN, "インターネットVPN接続費用")
    service = line_of(found, BUPPIN, "サービス利用料")
    return [
        (
            "two 新規団体 pay 21,425円",
            sorted(c[0] for c in vpn if c[4] == 21_425),
            sorted(set(JOINERS)),
        ),
        ("the others pay 7,925円", sum(c[4] == 7_925 for c in vpn), 38),
        ("サービス利用料: nobody is below 500,000円", sum(c[3] < 500_000 for c in service), 0),
    ]


def all_checks(found: Sequence[Charge]) -> list[Check]:
    """The whole list."""
    return [
        *total_checks(found, R7, TOTALS),
        *even_checks(found, EVEN_LINES),
        *cell_checks(found, SINGLE_CELLS),
        *rest_checks(found, RESTS),
        *other_checks(found),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the charges, or check them."""
    found = charges(ROOT)
    if "--check" in arguments:
        return 0 if report(all_checks(found)) else 1
    sys.stdout.buffer.write(as_csv(found).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
