"""Twelve mistakes in one workspace: twelve messages with their place, and nothing written."""

from pathlib import Path

from apportion.core.year import FiscalYear
from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from tests import workspace
from tests.program import apportion
from tests.sealing import contents

R7 = FiscalYear(2025)

# What is typed wrong: file, as shipped, as mistaken, code of the message, its place.
MISTAKES = (
    (  # shares of 90%
        "rules/r7/50_security.txt",
        "負担割合: 市町村に 残りを 均等割 50% + 人口割 50%",
        "負担割合: 市町村に 残りを 均等割 50% + 人口割 40%",
        "W209",
    ),
    (  # an unknown basis: katakana ロ in 人口割
        "rules/r7/10_denshi_shinsei.txt",
        "均等割 20% + 人口割 80%",
        "均等割 20% + 人ロ割 80%",
        "W207",
    ),
    (  # an amount without its unit
        "rules/r7/40_chotatsu_buppin.txt",
        "下限: 市町村ごとに 500千円",
        "下限: 市町村ごとに 500",
        "W2",
    ),
    (  # last year's file
        "rules/r7/20_shisetsu_yoyaku.txt",
        "年度: 令和7年度",
        "年度: 令和6年度",
        "W421",
    ),
    (  # overlapping steps
        "rules/r7/30_chotatsu_cals.txt",
        "1万人以上3万人未満: 2",
        "1万人以上4万人未満: 2",
        "W2",
    ),
    (  # a member name that does not exist
        "members/r7/roster.csv",
        "232122,安城市,",
        "232122,安条市,",
        "W309",
    ),
    (  # code and name disagree
        "members/r7/figures.csv",
        "232157,犬山市,",
        "232157,常滑市,",
        "W310",
    ),
    (  # a participant's figure is blank
        "members/r7/figures.csv",
        "232041,瀬戸市,127792,",
        "232041,瀬戸市,,",
        "W343",
    ),
    (  # yen typed under a heading of 千円
        "rules/r7/budget.csv",
        ",自治体DX推進支援,3630,",
        ",自治体DX推進支援,3630000,",
        "W412",
    ),
    (  # a 経費 without a rule, and
        "rules/r7/50_security.txt",
        "■経費 共同セキュリティ監査\r\n",
        "■経費 共同セキュリティ点検\r\n",
        "W404",  # a rule without a 経費
    ),
    (  # ○ for a body that is no member
        "members/r7/roster.csv",
        "232017,豊橋市,",
        "231002,名古屋市,,,,,,,○,例\r\n232017,豊橋市,",
        "W313",
    ),
)


def test_twelve_mistakes_give_twelve_messages(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    for file, old, new, _ in MISTAKES:
        workspace.edit(root / file, old, new)
    errors = [p for p in examine(load(root, R7)).problems if p.level.value == "エラー"]
    assert len(errors) == 12, "\n\n".join(map(str, errors))
    codes = sorted(error.code for error in errors)
    for _, _, _, code in MISTAKES:
        assert any(found.startswith(code) for found in codes), (code, codes)
    assert "W403" in codes  # 共同セキュリティ監査 has no rule any more
    assert all(e.source.line and (e.source.column or e.source.cell) for e in errors)
    assert all(e.what and e.why and e.fix for e in errors)


def test_the_command_says_all_and_writes_nothing(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    assert apportion("run", "--year", "r7", "--dir", str(root)).code == 0
    before = contents(root / "outputs")
    for file, old, new, _ in MISTAKES:
        workspace.edit(root / file, old, new)
    done = apportion("run", "--year", "r7", "--dir", str(root))
    assert done.code == 1
    assert done.stderr.count("エラー W") == 12
    assert "12 件" in done.stderr
    assert contents(root / "outputs") == before
