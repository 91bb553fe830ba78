"""負担金計算.html, built once, and opened in the system's Chromium."""

import fcntl
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser

from apportion.page import build
from tests import browser, workspace


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.started() as found:
        yield found


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    browser.chromium()
    target = tmp_path_factory.mktemp("page") / "負担金計算.html"
    with Path(build.__file__).open("rb") as turn:  # of two at once, one fetches the parts
        fcntl.flock(turn, fcntl.LOCK_EX)
        build.build(target)
    return target


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace.copy(tmp_path / "協議会 の フォルダー")


@pytest.fixture
def opened(chromium: Browser, file: Path) -> Iterator[browser.Opened]:
    """The page before it is started; afterwards it must have asked no network and complained of nothing."""
    found = browser.Opened(chromium, file)
    yield found
    found.page.close()
    assert found.complaints == []
    assert found.requests[:1] == [file.as_uri()]
    assert [url for url in found.requests[1:] if not url.startswith("blob:null/")] == []


@pytest.fixture(scope="session")
def parts(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages that are inside: the command line writes with the same versions."""
    assert file.is_file()
    target = tmp_path_factory.mktemp("parts")
    for wheel in build.WHEELS.glob("*-none-any.whl"):
        with ZipFile(wheel) as packed:
            packed.extractall(target)
    return target
