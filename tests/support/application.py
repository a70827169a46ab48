"""The application as tests make it, one for each test and hundreds in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

from planner.app import create_app

if TYPE_CHECKING:
    from flask import Flask
    from jinja2.bccache import Bucket

    from planner.config import Settings


def make_app(settings: Settings) -> Flask:
    """Return an application whose forms are sent without their token."""
    return knowing_templates(create_app(settings, {"TESTING": True, "WTF_CSRF_ENABLED": False}))


def knowing_templates(app: Flask) -> Flask:
    """Let an application take each template as it was compiled for the first one in this process."""
    app.jinja_env.bytecode_cache = COMPILED
    return app


class _Compiled(BytecodeCache):
    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


COMPILED = _Compiled()
