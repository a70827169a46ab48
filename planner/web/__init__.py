"""Requests in, pages out: each view is one call of a service and one template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.web import api, errors, filters, gate, history_words, security
from planner.web.addresses import Address, RowNumber
from planner.web.views import BLUEPRINTS

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Add pages, error pages, template helpers and headers to the application."""
    app.url_rule_class = Address
    app.url_map.converters["int"] = RowNumber
    gate.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.register(app)
    errors.register(app)
    filters.register(app)
    history_words.register(app)
    security.register(app)
