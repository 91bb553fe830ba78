"""A little council on disk for an example of the manual: its rule, and the figures of its table.

The first heading of the table is the budget (`予算額 1,000,000円`, `保守費 …円、事務費 …円`,
`うち特定財源 …円` for a further column of the 経費 before it), the others are the bodies and at last
合計. Rows give the 区分, 会員区分, 名簿, last year's charges, whose turn it is, or a figure with its
unit; the rows that `is_result` knows say what comes out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from apportion.rules.read.section import HEAD, KEYS
from tests.manual.reading import Grid
from tests.small import code, save

PROJECT, LINE, ROSTER = "例の事業", "運営費", "全会員"
TOTAL, CHARGE, PRICES = "合計", "負担金", "単価差"
SUMS = ("対象額", "対象外", "端数未調整額", "繰越", PRICES)
TYPED = ("区分", "会員区分", "名簿", "前年度", "次の番")
NOTHING = ("", "－", "（空欄）")
AS_OF = "令和6年10月1日現在"

_HEAD = {
    "書式": "1",
    "事業": PROJECT,
    "年度": "令和7年度",
    "状態": "例",
    "名簿": ROSTER,
    "根拠": "例",
}
_ONLY_HEAD = set(KEYS[HEAD]) - set(KEYS["経費"])
_KINDS = ("広域連合", "組合", *"県都道府市区町村")
_AMOUNT = re.compile(r"(.+?) ([\d,]+)円|(.+?) 空欄")
_VALUE = re.compile(r"([\d,.]+)(.*)")
_LABEL = re.compile(r"(.+?)（(.+)）")
_INSTALMENT = re.compile(r"第\d期")


def is_result(label: str) -> bool:
    """Whether a row says what comes out."""
    name, _ = split_label(label)
    known = (CHARGE, "切捨て後", "正確な額", "請求額", *SUMS)
    return name in known or name.endswith("の値") or bool(_INSTALMENT.match(name))


def split_label(label: str) -> tuple[str, str]:
    """Name of a row and what stands in its parenthesis."""
    plain = label.replace("*", "")
    found = _LABEL.fullmatch(plain)
    return (found[1], found[2]) if found else (plain, "")


def yen(cell: str) -> int:
    """Whole yen of a cell; － is 0."""
    text = cell.replace("*", "")
    if text in NOTHING:
        return 0
    found = re.fullmatch(r"(-?)([\d,]+)円", text)
    assert found, cell
    return int(found[1] + found[2].replace(",", ""))


@dataclass(frozen=True)
class Council:
    """Figures of an example. `budget` gives yen (None: blank) by 経費, `columns` its further ones."""

    bodies: tuple[str, ...]
    budget: Mapping[str, int | None]
    columns: Mapping[str, Mapping[str, int]]
    rows: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())

    def number(self, body: str) -> str:
        """団体コード of a body: the order of the table."""
        return code(self.bodies.index(body) + 1)

    def write(self, root: Path, rules: str, charged: int) -> Path:
        """The workspace; `charged` yen stand in the 収入の部."""
        save(root, "rules/r7/10_rei.txt", rules)
        save(root, "rules/r7/budget.csv", self._budget(charged))
        save(root, "rules/r7/income.csv", self._income(charged))
        save(root, "members/members.csv", self._register())
        save(root, "members/r7/roster.csv", self._roster())
        save(root, "members/r7/figures.csv", self._figures())
        for name, text in (("previous", self._previous()), ("rotation", self._rotation())):
            if text.count("\n") > 1:
                save(root, f"members/r7/{name}.csv", text)
        return root

    def _spent(self, charged: int) -> int:
        return sum(charged if amount is None else amount for amount in self.budget.values())

    def _budget(self, charged: int) -> str:
        further = list(dict.fromkeys(name for own in self.columns.values() for name in own))
        rows = ["区分,事業,項,経費,予算額（円）" + "".join(f",{name}（円）" for name in further)]
        for line, amount in self.budget.items():
            own = [str(self.columns.get(line, {}).get(name, 0)) for name in further]
            rows.append(",".join(["事業費", PROJECT, "", line, _blank(amount), *own]))
        # What members pay beyond the budget goes to the lower block, so that both parts agree.
        beyond = max(charged - self._spent(charged), 0)
        rows.append(",".join(["積立金等", "", "", "積立金", str(beyond), *("0" for _ in further)]))
        return "\n".join([*rows, ""])

    def _income(self, charged: int) -> str:
        other = max(self._spent(charged) - charged, 0)
        drawn = any("取崩" in own for own in self.columns.values())
        subject = "事業調整積立金取崩収入" if drawn else "その他の収入"
        return (
            "区分,事業,科目,予算額（円）\n"
            f"事業費,{PROJECT},負担金収入,{charged}\n事業費,{PROJECT},{subject},{other}\n"
        )

    def _register(self) -> str:
        kinds, ranks = self._typed("区分", ""), self._typed("会員区分", "")
        rows = [
            f"{self.number(body)},{body},{kinds.get(body) or _kind(body)},"
            f"{ranks.get(body, '会員').replace('非会員', '')}"
            for body in self.bodies
        ]
        return "\n".join(["団体コード,団体名,区分,会員区分", *rows, ""])

    def _roster(self) -> str:
        named = [about for name, about in map(_split, self.rows) if name == "名簿" and about]
        columns = [self._typed("名簿", ""), *(self._typed("名簿", name) for name in named)]
        rows = [
            ",".join([self.number(body), body, *(column.get(body, "○") for column in columns)])
            for body in self.bodies
        ]
        return "\n".join([",".join(["団体コード,団体名", ROSTER, *named]), *rows, ""])

    def _figures(self) -> str:
        rows = [row for row in self.rows if _split(row)[0] not in TYPED and not is_result(row[0])]
        headings = [_heading(label, cells) for label, cells in rows]
        below = [
            ",".join([self.number(body), body, *(_digits(cells[place]) for _, cells in rows)])
            for place, body in enumerate(self.bodies)
        ]
        return "\n".join([",".join(["団体コード,団体名", *headings]), *below, ""])

    def _previous(self) -> str:
        rows = [
            f"{self.number(body)},{body},{PROJECT},{about or LINE},{yen(cell)}"
            for name, about in map(_split, self.rows)
            if name == "前年度"
            for body, cell in self._typed(name, about).items()
            if cell
        ]
        return "\n".join(["団体コード,団体名,事業,経費,負担金額（円）", *rows, ""])

    def _rotation(self) -> str:
        turn = [body for body, cell in self._typed("次の番", "").items() if cell]
        rows = [f"{PROJECT},{LINE},{self.number(body)}" for body in turn]
        return "\n".join(["事業,経費,次の番（団体コード）", *rows, ""])

    def _typed(self, name: str, about: str) -> dict[str, str]:
        """Cells of a row of TYPED by body; empty without such a row."""
        for row in self.rows:
            if _split(row) == (name, about):
                cells = ("" if cell in NOTHING else cell for cell in row[1])
                return dict(zip(self.bodies, cells, strict=True))
        return {}


STANDARD = Council(("A市", "B町"), {LINE: 1_000_000}, {}, (("人口", ("30,000人", "10,000人")),))
"""Where an example gives no table."""


def council(table: Grid | None) -> Council:
    """Figures of the table of an example."""
    if table is None:
        return STANDARD
    bodies = tuple(name for name in table.columns if name != TOTAL)
    budget: dict[str, int | None] = {}
    columns: dict[str, dict[str, int]] = {}
    for words in table.head[0].split("、"):
        found = _AMOUNT.fullmatch(words)
        assert found, (table.place, words)
        name = found[1] or found[3]
        amount = int(found[2].replace(",", "")) if found[2] else None
        if name.startswith("うち"):
            columns.setdefault(list(budget)[-1], {})[name.removeprefix("うち")] = amount or 0
        else:
            budget[LINE if name == "予算額" else name] = amount
    rows = tuple((row[0], row[1 : len(bodies) + 1]) for row in table.rows)
    return Council(bodies, budget, columns, rows)


def whole_file(text: str) -> str:
    """A whole rule file from the lines that an example shows."""
    first, *blocks = re.split(r"^(?=■)", text, flags=re.MULTILINE)
    lines = [line for line in first.split("\n") if line]
    if not any(block.startswith("■経費") for block in blocks):
        own = [line for line in lines if _key(line) not in _ONLY_HEAD]
        lines = [line for line in lines if line not in own]
        if not any(_key(line) == "負担割合" for line in own):
            own.append("負担割合: 均等割")
        blocks.insert(0, "\n".join([f"■経費 {LINE}", *own, ""]))
    said = {_key(line) for line in lines}
    head = [f"{key}: {value}" for key, value in _HEAD.items() if key not in said]
    return "\n".join([*head, *lines, "", *blocks])


def varied(text: str, lines: list[str]) -> str:
    """A whole rule file with its lines of the same keys replaced by `lines`."""
    keys = {_key(line) for line in lines}
    kept = text.split("\n")
    places = [number for number, line in enumerate(kept) if _key(line) in keys]
    if not places:
        alone = "事業" if keys & _ONLY_HEAD else "■経費"
        places = [next(n for n, line in enumerate(kept) if line.startswith(alone)) + 1]
        return "\n".join([*kept[: places[0]], *lines, *kept[places[0] :]])
    left = [line for number, line in enumerate(kept) if number not in places[1:]]
    return "\n".join([*left[: places[0]], *lines, *left[places[0] + 1 :]])


def _key(line: str) -> str:
    """Key of a line; of a mistaken one without its colon, the key that it begins with."""
    key, colon, _ = line.replace("：", ":").partition(":")
    return key.strip() if colon else next((k for k in KEYS["経費"] if line.startswith(k)), "")


def _split(row: tuple[str, tuple[str, ...]]) -> tuple[str, str]:
    return split_label(row[0])


def _kind(body: str) -> str:
    kind = next(kind for kind in _KINDS if body.endswith(kind))
    return "特別区" if kind == "区" else kind


def _blank(amount: int | None) -> str:
    return "" if amount is None else str(amount)


def _heading(label: str, cells: tuple[str, ...]) -> str:
    name, about = split_label(label)
    units = [found[2] for cell in cells if (found := _VALUE.fullmatch(cell))]
    return f"{name}（{units[0]}、{about or AS_OF}）"


def _digits(cell: str) -> str:
    found = _VALUE.fullmatch(cell)
    assert found or cell in NOTHING, cell
    return found[1].replace(",", "") if found else ""
