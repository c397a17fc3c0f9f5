"""Where a record was read, and ids made of content: what every kind of record is built on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


def digest_of(*parts: str) -> str:
    """Hash parts into 16 hex digits; the same parts always give the same id."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record was read: base name only, never a full path."""

    path_name: str = ""
    sha256: str = ""
    reader: str = ""
    line: int = 0
