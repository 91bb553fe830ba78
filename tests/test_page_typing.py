"""規則 in 負担金計算.html: what is typed is marked, told and offered before Enter, as the command line would."""

from pathlib import Path

from playwright.sync_api import expect

from tests import browser, workspace

RULES = "rules/r7/20_shisetsu_yoyaku.txt"
SHARES = "負担割合: 均等割 30% + 人口割 70%"
ROUNDED = "上限: 前年度の115%、超えた分は残りの団体で割り直す"
UPPER = "上限: 団体ごとに 5,000干円、超えた分は残りの団体で割り直す"
# Nine slips of a Japanese input method: the line as it stands, as it is typed, what is told, where.
SLIPS = (
    (SHARES, "負担割合: 均等割 30% + 人ロ割 70%", "W207", "人ロ割"),  # katakana ロ
    (SHARES, "負担割合: 均等割 30% ー 人口割 70%", "W226", "ー"),  # the long vowel for a sign
    (SHARES, "負担割合: 均等割 30% 十 人口割 70%", "W226", "十"),  # the number ten for ＋
    (SHARES, "負担割合: 均等割 30% + 人口割 7Ｏ％", "W226", "Ｏ"),  # the letter for 0
    (SHARES, "負担割合: 均等割 30％，人口割 70％", "W229", "，"),  # a comma of numbers for 、
    (SHARES, "負担割合； 均等割 30% + 人口割 70%", "W204", "負担割合； 均等割 30%"),  # ； for ：
    (SHARES, "負担割合: 均等害 30% + 人口割 70%", "W227", "均等害"),  # converted wrong
    (SHARES, "負担割合: 均等割 30% + 人口割 70% ＃ 案", "W228", "＃"),  # a note inside of a line
    (ROUNDED, UPPER, "W227", "干円"),  # 干 for 千
)
MEANT = "負担割合：均等割　３０％＋人口割　７０％"
"""Full-width signs and blanks are no slip: the manual takes them."""
LATE = 20_000
"""Milliseconds: other tests run on the same two processors."""


def test_each_slip_of_an_input_method_is_marked_before_enter(
    opened: browser.Opened, tmp_path: Path
) -> None:
    root = workspace.copy(tmp_path / "協議会 の フォルダー")
    opened.in_place(root)
    opened.view("規則")
    opened.page.get_by_label("ファイル").select_option(RULES)
    first = opened.page.locator(".problems > .error")
    count = opened.page.locator("nav .count")
    for now, typed, code, marked in SLIPS:
        opened.type_line(now, typed)
        told = first.filter(has=opened.page.locator("code", has_text=code))
        expect(told, typed).to_have_count(1, timeout=LATE)
        place = opened.page.locator(".cm-lintRange-error", has_text=marked)
        expect(place.first, typed).to_be_visible()
        opened.type_line(typed, now)
        expect(count, typed).to_have_count(0, timeout=LATE)
    opened.idle()
    opened.type_line(SHARES, MEANT)
    opened.idle()
    expect(opened.page.locator(".effect tbody tr")).to_have_count(40)
    expect(opened.page.locator(".effect tr.moved")).to_have_count(0)
    expect(count).to_have_count(0)
    assert SHARES.encode() in (root / RULES).read_bytes()


def test_a_line_says_what_it_means_and_what_a_town_pays(
    opened: browser.Opened, tmp_path: Path
) -> None:
    """The amounts are those that 検算 of the shipped rules holds."""
    opened.in_place(workspace.copy(tmp_path / "council"))
    opened.view("なぜ")
    opened.choose("団体", "232068")
    opened.view("規則")
    opened.page.get_by_label("ファイル").select_option(RULES)
    line = opened.page.locator(".cm-line", has_text=SHARES)
    line.hover(position={"x": 60, "y": 8})
    hover = opened.page.locator(".meaning")
    expect(hover).to_contain_text("70%を人口割で分けます", timeout=LATE)
    expect(hover).to_contain_text("春日井市は、この経費で 2,958,567円です。")
    opened.page.mouse.move(5, 5)
    line.click()
    below = opened.page.locator(".below")
    expect(below).to_contain_text("70%を人口割で分けます")
    expect(below).to_contain_text("春日井市は、この経費で 2,958,567円です。")
    opened.page.locator(".cm-line", has_text="■経費 事務費").click()
    expect(below).to_have_text("春日井市は、この経費で 5,000円です。")
    opened.type_line("■経費 事務費", "■経費 事務")
    expect(opened.page.locator("nav .count")).to_be_visible(timeout=LATE)
    expect(below).not_to_contain_text("この経費で")
