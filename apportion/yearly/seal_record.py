"""確定.json as bytes that vouch for themselves: no byte of it can change unseen."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FINGERPRINT = "指紋"
"""Key of the SHA-256 of everything before it."""


def to_bytes(record: Mapping[str, Any]) -> bytes:
    """The record with its fingerprint."""
    return _written({**record, FINGERPRINT: hashlib.sha256(_written(record)).hexdigest()})


def from_bytes(data: bytes) -> dict[str, Any] | None:
    """The record; None unless `data` are exactly the bytes that were written."""
    try:
        record = json.loads(data)
        said = {key: value for key, value in record.items() if key != FINGERPRINT}
    except (ValueError, AttributeError, RecursionError):
        return None
    return record if to_bytes(said) == data else None


def _written(record: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()
