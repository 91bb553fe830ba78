"""Documents as PDFs, drawn by hand: fonts that are named and not embedded, as many offices print.

Lines with tabs are rows of a table, with or without rules.
"""

from collections.abc import Iterator, Sequence

SIZE, LEADING, LEFT, TOP, BOTTOM, WIDTH = 8, 14, 40, 800, 40, 840


def pdf(text: str, *, ruled: bool = True) -> bytes:
    """The document on as many pages as it needs."""
    return joined(list(_pages(text, ruled=ruled)))


def scanned() -> bytes:
    """A page without text."""
    return joined(["0 0 0 rg 100 100 200 200 re f"])


def _width(text: str) -> float:
    return sum(SIZE * (0.5 if sign.isascii() else 1) for sign in text)


def _pages(text: str, *, ruled: bool) -> Iterator[str]:
    drawn: list[str] = []
    height = TOP
    for block in _blocks(text.split("\n")):
        edges = _edges(block)
        for cells in block:
            if height < BOTTOM + LEADING:
                yield "\n".join(drawn)
                drawn, height = [], TOP
            drawn += _row(cells, edges, height, ruled=ruled and len(cells) > 1)
            height -= LEADING
    yield "\n".join(drawn)


def _blocks(lines: Sequence[str]) -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    for line in lines:
        cells = line.split("\t")
        if block and (len(cells) > 1) != (len(block[0]) > 1):
            yield block
            block = []
        block.append(cells)
    yield block


def _edges(block: Sequence[Sequence[str]]) -> list[float]:
    """Left edges of the columns, and the right one of the last."""
    count = max(len(cells) for cells in block)
    widths = [
        max(_width(cells[place]) if place < len(cells) else 0 for cells in block) + 4 * SIZE
        for place in range(count)
    ]
    return [LEFT + sum(widths[:place]) for place in range(count + 1)]


def _row(cells: Sequence[str], edges: Sequence[float], height: float, *, ruled: bool) -> list[str]:
    drawn = []
    for place, cell in enumerate(cells):
        number = place > 0 and cell.replace(",", "").lstrip("△").isdigit()
        left = edges[place + 1] - _width(cell) - 3 if number else edges[place] + SIZE
        if cell:
            drawn.append(f"BT /F1 {SIZE} Tf {left:.2f} {height} Td <{_hex(cell)}> Tj ET")
    if ruled:
        low, high = height - 4, height - 4 + LEADING
        drawn += [f"{x:.2f} {low} m {x:.2f} {high} l S" for x in edges]
        drawn += [f"{edges[0]:.2f} {y} m {edges[-1]:.2f} {y} l S" for y in (low, high)]
    return drawn


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def joined(contents: Sequence[str]) -> bytes:
    """A file of these pages."""
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(contents)))
    system = "<</Registry(Adobe)/Ordering(Japan1)/Supplement 6>>"
    box = "/FontBBox[0 -200 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80"
    font = "/BaseFont/Gothic/Encoding/UniJIS-UTF16-H/DescendantFonts[4 0 R]"
    narrow = f"/DW 1000/W[1[{'500 ' * 94}]]/CIDSystemInfo{system}/FontDescriptor 5 0 R"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>",
        f"<</Type/Font/Subtype/Type0{font}>>",
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/Gothic{narrow}>>",
        f"<</Type/FontDescriptor/FontName/Gothic/Flags 4{box}>>",
    ]
    resources = f"/MediaBox[0 0 {WIDTH} 842]/Resources<</Font<</F1 3 0 R>>>>"
    for number, content in enumerate(contents):
        page = f"<</Type/Page/Parent 2 0 R{resources}/Contents {7 + 2 * number} 0 R>>"
        objects += [page, f"<</Length {len(content)}>>stream\n{content}\nendstream"]
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        data
        + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode("ascii")
        + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF".encode(
            "ascii"
        )
    )
