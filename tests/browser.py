"""負担金計算.html in the system's Chromium: skipped by hand where parts are missing, red where CI=true."""

import base64
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from apportion.page import build

_SILENT = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
_LONG = 120_000
"""Milliseconds: other tests run on the same two processors."""


def chromium() -> str:
    """The browser; without it or npm the test ends here."""
    found = shutil.which("chromium")
    if found and shutil.which("npm"):
        return found
    message = f"needs {'npm' if found else 'chromium'}; see .ci/run"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def started() -> Iterator[Browser]:
    with sync_playwright() as program:
        browser = program.chromium.launch(executable_path=chromium(), args=_SILENT)
        try:
            yield browser
        finally:
            browser.close()


class Opened:
    """The file, opened as by a double click; what the browser complained of and asked for."""

    def __init__(self, browser: Browser, file: Path) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1366, "height": 768})
        self.page.set_default_timeout(_LONG)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self._file = file

    def start(self) -> None:
        self.page.goto(self._file.as_uri())
        self.idle()

    def idle(self) -> None:
        """Wait until nothing is being done, and nothing has failed."""
        self.settled()
        expect(self.page.locator(".trouble")).to_have_count(0)

    def settled(self) -> None:
        """Wait until nothing is being done."""
        expect(self.page.locator(".busy")).to_have_text("", timeout=_LONG)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, label: str, value: str) -> None:
        self.page.get_by_label(label).select_option(value)
        self.idle()

    def view(self, name: str) -> None:
        self.page.locator("nav").get_by_role("button", name=name).click()
        self.page.wait_for_timeout(100)
        self.idle()

    def type_line(self, now: str, text: str) -> None:
        """In the editor: the line that begins so is typed anew; no Enter."""
        self.page.locator(".cm-line", has_text=now).first.click()
        for keys in ("Home", "Shift+End"):
            self.page.keyboard.press(keys)
        self.page.keyboard.insert_text(text)

    def in_place(self, root: Path) -> "Disk":
        """The folder is handed out by the picker and opened."""
        disk = Disk(root)
        disk.hand_out(self.page)
        self.start()
        self.press("フォルダーを開く")
        expect(self.page.locator("nav")).to_be_visible()
        self.idle()
        return disk

    def download(self, target: Path) -> None:
        with self.page.expect_download(timeout=_LONG) as handed:
            self.press("zip で受け取る")
        handed.value.save_as(target)


def built(folder: Path) -> Path:
    """The file, made anew."""
    chromium()
    target = folder / "負担金計算.html"
    with (build.HERE / "package.json").open("rb") as turn:  # of two at once, one fetches the parts
        fcntl.flock(turn, fcntl.LOCK_EX)
        build.build(target)
    return target


def watched(browser: Browser, file: Path) -> Iterator[Opened]:
    """The page before it is started; afterwards it must have asked no network and complained of nothing."""
    found = Opened(browser, file)
    yield found
    found.page.close()
    assert not found.complaints, found.complaints
    assert found.requests[:1] == [file.as_uri()]
    assert [url for url in found.requests[1:] if not url.startswith("blob:null/")] == []


class Disk:
    """A folder of the disk as the picker of the browser would hand it out.

    No picker can be answered without a person. What stands in its place has its methods, and reads
    and writes the folder itself. After `cut` more writes it fails, as when the page is closed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.cut = 10_000

    def hand_out(self, page: Page) -> None:
        page.expose_function("diskList", self._list)
        page.expose_function("diskRead", self._read)
        page.expose_function("diskWrite", self._write)
        page.expose_function("diskRemove", self._remove)
        page.add_init_script(_PICKER.replace("NAME", self._folder.name))

    def _list(self, path: str) -> list[list[object]]:
        found = sorted((self._folder / path).iterdir())
        return [[entry.name, entry.is_dir()] for entry in found]

    def _read(self, path: str) -> list[object]:
        file = self._folder / path
        return [base64.b64encode(file.read_bytes()).decode(), file.stat().st_mtime_ns // 1_000_000]

    def _write(self, path: str, data: str) -> None:
        if not self.cut:
            message = "closed"
            raise OSError(message)
        self.cut -= 1
        file = self._folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(data))

    def _remove(self, path: str) -> None:
        (self._folder / path).unlink()


_PICKER = """
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const text = (data) => {
  let found = "";
  for (const one of data) found += String.fromCharCode(one);
  return btoa(found);
};
const file = (path, name) => ({
  kind: "file",
  name,
  async getFile() {
    const [data, lastModified] = await diskRead(path);
    return new File([bytes(data)], name, { lastModified });
  },
  async createWritable() {
    let held;
    return {
      async write(data) { held = data; },
      async close() { await diskWrite(path, text(held)); },
    };
  },
});
const folder = (path, name) => ({
  kind: "directory",
  name,
  async *entries() {
    for (const [own, isFolder] of await diskList(path))
      yield [own, (isFolder ? folder : file)(`${path}/${own}`, own)];
  },
  async getDirectoryHandle(own) { return folder(`${path}/${own}`, own); },
  async getFileHandle(own) { return file(`${path}/${own}`, own); },
  async removeEntry(own) { await diskRemove(`${path}/${own}`); },
});
window.showDirectoryPicker = async () => folder(".", "NAME");
"""
