"""Pictures of the README, from the workbooks of outputs/r7 (needs LibreOffice and poppler).

python tests/pictures/make.py
"""

import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
OUTPUTS = HERE.parents[1] / "outputs" / "r7"
PICTURES = {
    "invoice": OUTPUTS / "請求書" / "232017_豊橋市.xlsx",
    "summary": OUTPUTS / "負担金一覧.xlsx",
}


def main() -> None:
    """The first page of each workbook as a PNG beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        for name, book in PICTURES.items():
            convert = [
                "soffice",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
                str(book),
            ]
            subprocess.run(convert, check=True, capture_output=True)
            pdf = Path(folder) / f"{book.stem}.pdf"
            first = ["pdftoppm", "-r", "70", "-f", "1", "-l", "1", "-singlefile", "-png"]
            subprocess.run([*first, str(pdf), str(HERE / name)], check=True)


if __name__ == "__main__":
    main()
