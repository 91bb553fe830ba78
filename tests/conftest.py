"""What several tests share: one run of the shipped year, and 負担金計算.html in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from apportion.core.year import FiscalYear
from apportion.outcome.outcome import Outcome
from apportion.pipeline import run
from tests import browser, workspace

# How long an example takes says nothing where others run beside it.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")

R7 = FiscalYear(2025)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept",
        action="store_true",
        help="write what the program says now into tests/errors/*/expected.txt; read the diff",
    )


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """A workspace in which r7 was run, and the outcome; not to be changed."""
    root = workspace.copy(tmp_path_factory.mktemp("issued"))
    return root, run(root, R7)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.started() as found:
        yield found


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """負担金計算.html, built once."""
    return browser.built(tmp_path_factory.mktemp("page"))


@pytest.fixture
def opened(chromium: Browser, file: Path) -> Iterator[browser.Opened]:
    yield from browser.watched(chromium, file)
