"""Pictures of what a member gets and of every sheet of the summary, to be looked at.

    python -m tests.pictures.make           the pictures of the README, beside this file
    python -m tests.pictures.make FOLDER    all pictures, into FOLDER

Each is the first page of one sheet (needs LibreOffice and poppler). The form of a bill is drawn from
a copy of the workspace in which everything is decided (状態: 議決).
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import openpyxl

from apportion.core.year import FiscalYear
from apportion.outputs import office
from apportion.outputs.data import CHARGED
from apportion.pipeline import run
from tests import workspace
from tests.office import pdf_text

HERE = Path(__file__).parent
README = ("notice", "basis", "summary_01")
MEMBER = "232017_豊橋市_令和7年度負担金.xlsx"
LARGEST = 150_000
"""Bytes of a picture."""

_R7 = FiscalYear(2025)
_FINENESS = (100, 85, 70, 55, 45)
"""Dots per inch; the first that makes the picture small enough counts."""


class Wanted(NamedTuple):
    """A picture: the first page of a sheet, counted from 0."""

    name: str
    book: Path
    sheet: int


def main(folder: Path, names: tuple[str, ...] = ()) -> None:
    """Draw the pictures (of these names, else all) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        pictures = [one for one in _all(Path(temporary)) if not names or one.name in names]
        books = list(dict.fromkeys(one.book for one in pictures))
        with office.converted(office.required("絵"), books, "pdf") as results:
            pages = {book: _first_pages(book, results[book]) for book in books}
            for one in pictures:
                _draw(results[one.book], pages[one.book][one.sheet], folder / one.name)


def _all(temporary: Path) -> list[Wanted]:
    decided = workspace.copy(temporary / "decided")
    for path in (decided / "rules" / "r7").glob("*.txt"):
        path.write_bytes(path.read_bytes().replace("状態: 例".encode(), "状態: 議決".encode()))
    run(decided, _R7, out=temporary / "bill")
    run(workspace.SHIPPED, _R7, out=temporary / "example")
    invoice, summary = (
        temporary / "example" / CHARGED.letters / MEMBER,
        temporary / "example" / CHARGED.summary,
    )
    workings = temporary / "example" / CHARGED.workings
    return [
        Wanted("bill", temporary / "bill" / CHARGED.letters / MEMBER, 0),
        *(Wanted(name, invoice, n) for n, name in enumerate(("notice", "lines", "basis"))),
        *(Wanted(f"summary_{n + 1:02}", summary, n) for n in range(_sheets(summary))),
        *(Wanted(f"workings_{n + 1}", workings, n) for n in range(_sheets(workings))),
    ]


def _sheets(book: Path) -> int:
    return len(openpyxl.load_workbook(book, read_only=True).sheetnames)


def _first_pages(book: Path, pdf: Path) -> list[int]:
    """Page on which each sheet begins: every page is headed by the title of its sheet."""
    texts = (page.split("\n", 1)[0] for page in pdf_text(pdf).split("\f"))
    heads = ["".join(text.split()) for text in texts]
    headers = [sheet.oddHeader for sheet in openpyxl.load_workbook(book).worksheets]
    titles = ("".join(str(header.left.text).split()) for header in headers if header is not None)
    return [heads.index(title) + 1 for title in titles]


def _draw(pdf: Path, page: int, target: Path) -> None:
    """A page as a PNG, as fine as its size allows."""
    sizes = (picture.stat().st_size for picture in _ever_coarser(pdf, page, target))
    assert any(size <= LARGEST for size in sizes), target


def _ever_coarser(pdf: Path, page: int, target: Path) -> Iterator[Path]:
    for dots in _FINENESS:
        place = ["-f", str(page), "-l", str(page), "-singlefile"]
        drawn = ["pdftoppm", "-png", "-r", str(dots), *place, str(pdf), str(target)]
        subprocess.run(drawn, check=True)
        yield target.with_suffix(".png")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        main(HERE, README)
