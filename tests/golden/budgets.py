"""The budgets of 令和3, 令和4 and 令和6, in 千円, with the example rules, for `derive_years.py`.

r4 is the published budget of its year; r3 and r6 are the comparison columns of the budgets of 令和4
and 令和7. r3 is shared by 国勢調査 平成27, r4 and r6 by 令和2.
"""

from __future__ import annotations

from tests.golden.charging import BUPPIN, CALS, SHINSEI, SHISETSU, Line, Project, Year
from tests.golden.derive_r7 import SECURITY
from tests.golden.splits import (
    at_least,
    degressive,
    each,
    mixed,
    population,
    prefecture_first,
    tier,
)

OTHERS = "その他事業"
DRILL = 229_000  # 標的型攻撃メール対策訓練, each body that takes part

SHINSEI_TOWNS = prefecture_first(25, mixed(20, population))
HALF_AND_HALF = mixed(50, population)
TOWNS_HALF_AND_HALF = prefecture_first(20, HALF_AND_HALF)
OLD_SERVICE = prefecture_first(50, mixed(40, population))
NEW_SERVICE = prefecture_first(50, mixed(30, tier))
GOODS_SERVICE = prefecture_first(30, at_least(500_000, mixed(30, degressive)))

R6 = Year(
    "r6",
    "令和2年10月1日",
    (
        Project(
            SHINSEI,
            "電子申請",
            (
                Line("システム運用保守", 21_780, SHINSEI_TOWNS),
                Line("機能改善等", 6_112, SHINSEI_TOWNS),
                Line("広報費", 866, SHINSEI_TOWNS),
                Line("事務費", 0),
            ),
        ),
        Project(
            SHISETSU,
            "施設予約",
            (
                Line("システム環境構築作業・運用準備", 11_242),
                Line("運用支援業務等", 45_727, HALF_AND_HALF),
                Line("事務費", 200),
            ),
        ),
        Project(
            CALS,
            "電子調達CALS",
            (
                Line("システム機能改善経費", 7_275),
                Line("第四期サービス利用料", 122_166, NEW_SERVICE),
                Line("ヘルプデスク（定時受付時増強）", 0),
                Line("インターネットVPN接続費用", 717, roster="旧LGWAN接続"),
                Line("コアシステム年間保守料", 2_269),
                Line("LGPKIクライアントソフト購入費", 0),
                Line("その他運営経費", 1_000),
                Line("事務費", 425),
            ),
        ),
        Project(
            BUPPIN,
            "電子調達物品",
            (
                Line("システム機能改善経費", 12_980),
                Line("サービス利用料", 82_907, GOODS_SERVICE),
                Line("インターネットVPN接続費用", 317),
                Line("コアシステム年間保守料", 2_269),
                Line("事務費", 367),
            ),
        ),
        Project(
            SECURITY,
            "セキュリティ",
            (
                Line("共同セキュリティ監査", 12_818, roster="共同監査"),
                Line("内部監査、規程改正支援", 2_384, TOWNS_HALF_AND_HALF),
                Line("標的型攻撃メール対策訓練", 0),
                Line("情報セキュリティ対策", 7_408, TOWNS_HALF_AND_HALF),
                Line("協議会Web運営", 4_584, TOWNS_HALF_AND_HALF),
                Line("自治体DX推進支援", 4_092),
                Line("事務費及び調査・研修費", 1_456, rest_to_prefecture=True),
            ),
        ),
    ),
)

R4 = Year(
    "r4",
    "令和2年10月1日",
    (
        Project(
            SHINSEI,
            "電子申請",
            (
                Line("システム運用保守", 21_780, SHINSEI_TOWNS),
                Line("機能改善等", 6_112, SHINSEI_TOWNS),
                Line("広報費", 866, SHINSEI_TOWNS),
                Line("調査・研修費", 162, rest_to_prefecture=True),
                Line("事務費", 1_460, rest_to_prefecture=True),
            ),
        ),
        Project(
            OTHERS,
            "その他",
            (
                Line("共同セキュリティ監査費", 11_764, roster="共同監査"),
                Line("内部監査、規程改正支援委託費", 2_384, TOWNS_HALF_AND_HALF),
                Line("標的型攻撃メール対策訓練委託費", 9_847, each(DRILL), roster="メール訓練"),
                Line("情報セキュリティ対策事業費", 7_408, TOWNS_HALF_AND_HALF),
                Line("協議会Web運営費", 4_584, TOWNS_HALF_AND_HALF),
                Line("自治体DX推進支援事業費", 4_972),
            ),
        ),
        Project(
            SHISETSU,
            "施設予約",
            (
                Line("システム環境構築作業・運用準備", 11_242),
                Line("運用保守", 46_221, HALF_AND_HALF),
                Line("事務費", 200),
            ),
        ),
        Project(
            CALS,
            "電子調達CALS",
            (
                Line("システム機能改善経費", 7_275),
                Line("サービス利用料（令和4年9月30日まで）", 58_727, OLD_SERVICE),
                Line("サービス利用料（令和4年10月1日から）", 61_083, NEW_SERVICE),
                Line("インターネットVPN接続費用", 1_241, roster="旧LGWAN接続"),
                Line("導入教育（発注者研修）環境整備", 946),
                Line("ヘルプデスク（定時受付時増強）", 0),
                Line("コアシステム年間保守料", 2_269),
                Line("LGPKIクライアントソフト購入費", 0),
                Line("その他運営経費", 1_000),
                Line("事務費", 425),
            ),
        ),
        Project(
            BUPPIN,
            "電子調達物品",
            (
                Line("システム機能改善経費", 12_980),
                Line("サービス利用料", 76_006, GOODS_SERVICE),
                Line("インターネットVPN接続費用", 304),
                Line("コアシステム年間保守料", 2_269),
                Line("FAX送信代行委託経費", 0),
                Line("事務費", 380),
            ),
        ),
    ),
)

R3 = Year(
    "r3",
    "平成27年10月1日",
    (
        Project(
            SHINSEI,
            "電子申請",
            (
                Line("システム運用保守", 21_780, SHINSEI_TOWNS),
                Line("機能改善等", 6_112, SHINSEI_TOWNS),
                Line("広報費", 866, SHINSEI_TOWNS),
                Line("調査・研修費", 191, rest_to_prefecture=True),
                Line("事務費", 1_718, rest_to_prefecture=True),
            ),
        ),
        Project(
            OTHERS,
            "その他",
            (
                Line("共同セキュリティ監査費", 12_386, roster="共同監査"),
                Line("内部監査、規程改正支援委託費", 2_384, TOWNS_HALF_AND_HALF),
                Line("標的型攻撃メール対策訓練委託費", 9_160, each(DRILL), roster="メール訓練"),
                Line("情報セキュリティ対策事業費", 7_408, TOWNS_HALF_AND_HALF),
                Line("協議会Web運営費", 4_584, TOWNS_HALF_AND_HALF),
                Line("共通課題研究事業費", 8_633),
            ),
        ),
        Project(
            SHISETSU,
            "施設予約",
            (
                Line("システム環境構築作業・運用準備", 5_306),
                Line("運用保守", 45_350, HALF_AND_HALF),
                Line("事務費", 200),
            ),
        ),
        Project(
            CALS,
            "電子調達CALS",
            (
                Line("システム機能改善経費", 7_275),
                Line("サービス利用料（令和4年9月30日まで）", 117_454, OLD_SERVICE),
                Line("サービス利用料（令和4年10月1日から）", 0),
                Line("インターネットVPN接続費用", 1_241, roster="旧LGWAN接続"),
                Line("導入教育（発注者研修）環境整備", 946),
                Line("ヘルプデスク（定時受付時増強）", 6_215),
                Line("コアシステム年間保守料", 2_269),
                Line("LGPKIクライアントソフト購入費", 0),
                Line("その他運営経費", 1_000),
                Line("事務費", 500),
            ),
        ),
        Project(
            BUPPIN,
            "電子調達物品",
            (
                Line("システム機能改善経費", 12_980),
                Line("サービス利用料", 76_006, GOODS_SERVICE),
                Line("インターネットVPN接続費用", 304),
                Line("コアシステム年間保守料", 2_269),
                Line("FAX送信代行委託経費", 198),
                Line("事務費", 380),
            ),
        ),
    ),
)
