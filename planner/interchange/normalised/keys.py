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
        self._last_number: dict[str, int] = {}

    def key_for(self, *words: str, content: str = "") -> str:
        """Return a short readable key of the words, the same for the same file.

        `content` is what else tells apart two records whose words are the same.
        """
        slug = "-".join(filter(None, map(_slug, words))) or "record"
        mark = hashlib.sha256("\x00".join((*words, content)).encode()).hexdigest()[:_HASH_LENGTH]
        key = slug if len(slug) <= NAME // 2 else f"{slug[: NAME // 2]}-{mark}"
        if key in self._taken:
            key = self._numbered(f"{slug[: NAME // 2]}-{mark}")
        self._taken.add(key)
        return key

    def _numbered(self, key: str) -> str:
        unique = key
        while unique in self._taken:
            self._last_number[key] = self._last_number.get(key, 1) + 1
            unique = f"{key}-{self._last_number[key]}"
        return unique


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
