"""Keys made of content, so that the same file loaded twice names the same records."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from planner.interchange.limits import NAME

_HASH_LENGTH = 8


class Keys:
    """Hands out a key for each content; a key already taken gets a mark of its content."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def key_for(self, *content: str) -> str:
        """Return a short readable key, the same for the same content in the same file."""
        slug = "-".join(filter(None, map(_slug, content))) or "record"
        mark = hashlib.sha256("\x00".join(content).encode()).hexdigest()[:_HASH_LENGTH]
        key = slug if len(slug) <= NAME // 2 else f"{slug[: NAME // 2]}-{mark}"
        if key in self._taken:
            key = f"{key}-{mark}"
        number = 2
        unique = key
        while unique in self._taken:
            unique = f"{key}-{number}"
            number += 1
        self._taken.add(unique)
        return unique


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
