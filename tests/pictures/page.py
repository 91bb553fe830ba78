"""The picture of 負担金計算.html for the README: `python -m tests.pictures.page` (needs Chromium and npm).

An optimizer of PNG files takes away two thirds of its bytes.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests import browser

HERE = Path(__file__).parent
RULES = "rules/r7/20_shisetsu_yoyaku.txt"


def main() -> None:
    """Draw 規則 of the shipped council on a small screen, with the cursor in a line."""
    with TemporaryDirectory() as temporary, browser.started() as chromium:
        opened = browser.Opened(chromium, browser.built(Path(temporary)))
        opened.start()
        opened.press("見本を開く")
        opened.idle()
        opened.view("規則")
        opened.page.get_by_label("ファイル").select_option(RULES)
        opened.page.locator(".cm-line", has_text="均等割 30% + 人口割 70%").click()
        opened.idle()
        opened.page.screenshot(path=HERE / "page.png")


if __name__ == "__main__":
    main()
