"""The one door between the page and Python: a question in JSON, an answer in JSON or a file's bytes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apportion.core import written
from apportion.core.problem import InputError, OutputError, ReconciliationError
from apportion.page import acts, reading, told
from apportion.page.desk import Desk

ANSWERS: dict[str, Callable[..., told.Record]] = {
    "opened": reading.opened,
    "checked": reading.checked,
    "texts": reading.texts,
    "amounts": reading.amounts,
    "why": reading.why,
    "shown": reading.shown,
    "written": acts.written,
}
"""Questions, by the name that the page gives them; their facts are the arguments."""

FILES: dict[str, Callable[..., bytes]] = {
    "packed": acts.packed,
    "typed": Desk.typed,
}
"""Questions that are answered with the bytes of a file."""


class Door:
    """A folder that lies open; `ask` and `make` answer, the others say what became of its files."""

    def __init__(self, root: Path) -> None:
        self._desk = Desk(root)

    def ask(self, question: str) -> str:
        """Answer `{"ask": "checked", "year": "r7", …}` with `{"value": …}` or `{"error": words}`."""
        facts: dict[str, Any] = json.loads(question)
        answer: told.Record
        try:
            answer = {"value": ANSWERS[facts.pop("ask")](self._desk, **facts)}
        except InputError as error:
            answer = {"error": told.stopped(error), "problems": told.problems(error.problems)}
        except (OutputError, ReconciliationError) as error:
            answer = {"error": str(error)}
        except Exception as error:  # noqa: BLE001  a person gets a sentence, an engineer the place
            answer = {"error": written.unexpected(error)}
        return json.dumps(answer, ensure_ascii=False)

    def make(self, question: str) -> bytes:
        """Answer such a question with a file."""
        facts: dict[str, Any] = json.loads(question)
        return FILES[facts.pop("ask")](self._desk, **facts)

    def changed(self) -> None:
        """Files below the folder are others than before, and saved."""
        self._desk.changed()

    def drafted(self) -> None:
        """Rule texts below the folder are others than before, and not saved."""
        self._desk.drafted()
