"""Horizons: the stretches of time that people plan for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from planner.domain import model
from planner.domain.text import clean
from planner.domain.transfer import HorizonDraft
from planner.services import goals
from planner.services.accounts.tokens import Scope
from planner.web import context
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import do, done, expect_version, looked_for, one, version, versions
from planner.web.api.types import Name, Partial, ShortText
from planner.web.records import by_name, still_named


@dataclass(frozen=True, kw_only=True)
class NewHorizon:
    """A named stretch of planning: a sprint, a quarter, a release cycle."""

    name: Name
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Horizon(NewHorizon):
    """A horizon."""

    version: int


@dataclass(frozen=True, kw_only=True)
class HorizonFilter(Page):
    """`q`: part of the name."""

    q: ShortText | None = None


@operation("GET", "/horizons")
def list_horizons(query: HorizonFilter) -> Listed[Horizon]:
    """List horizons by name."""
    found = looked_for(context.organisation().horizons, lambda horizon: horizon.name, query.q)
    known = versions("horizon", found)
    return page_of(found, query, lambda horizon: _horizon(horizon, known[horizon.id]))


@operation("POST", "/horizons", status=201, scope=Scope.SETTINGS)
def create_horizon(body: NewHorizon) -> One[Horizon]:
    """Add a horizon."""
    change = do(goals.record_horizon, _draft(body))
    found, number = _current(clean(body.name, where="name"))
    return one(found, number, at=f"/horizons/{quote(found.name, safe='')}", change=change)


@operation("GET", "/horizons/<path:name>")
def read_horizon(name: Name) -> One[Horizon]:
    """Read one horizon."""
    return one(*_current(name))


@operation("PATCH", "/horizons/<path:name>", scope=Scope.SETTINGS)
def change_horizon(name: Name, body: Partial[NewHorizon], version: int | None) -> One[Horizon]:
    """Change what is named of a horizon."""
    now, _version = _current(still_named(context.organisation().horizons, name, "horizon").name)
    wanted = body.over(NewHorizon(name=now.name, starts_on=now.starts_on, ends_on=now.ends_on))
    change = do(goals.change_horizon, now.name, _draft(wanted), version=version)
    return one(*_current(clean(wanted.name, where="name")), change=change)


@operation("DELETE", "/horizons/<path:name>", scope=Scope.SETTINGS)
def delete_horizon(name: Name, version: int | None) -> Done:
    """Remove a horizon; its dependencies stay, without one."""
    horizon = still_named(context.organisation().horizons, name, "horizon")
    expect_version("horizon", horizon, version)
    return done(do(goals.remove_horizon, horizon.name))


def _current(name: str) -> tuple[Horizon, int]:
    horizon = by_name(context.organisation().horizons, name, "horizon")
    number = version("horizon", horizon)
    return _horizon(horizon, number), number


def _horizon(horizon: model.Horizon, number: int) -> Horizon:
    return Horizon(name=horizon.name, starts_on=horizon.starts_on, ends_on=horizon.ends_on, version=number)


def _draft(horizon: NewHorizon) -> HorizonDraft:
    return HorizonDraft(horizon.name, horizon.starts_on, horizon.ends_on)
