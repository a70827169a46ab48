"""One blueprint per feature; `asking` adds the sentence and the paste to that of dependencies."""

from planner.web.views import (
    account,
    adjusting,
    calendars,
    dependencies,
    doors,
    exchange,
    goals,
    help,  # noqa: A004 - a page called help
    history,
    hooks,
    horizons,
    identity,
    imports,
    invitations,
    kept_plans,
    live,
    map,  # noqa: A004 - a page called map
    minutes,
    names,
    notices,
    openid,
    people,
    places,
    preparing,
    promises,
    proposals,
    search,
    searches,
    sessions,
    shared_sessions,
    shares,
    single_sessions,
    start,
    suggestion,
    teams,
    tokens,
    trials,
    week,
)
from planner.web.views import (
    asking as asking,  # adds its routes to the blueprint of dependencies
)
from planner.web.views import (
    guests as guests,  # adds its routes to that of sessions that run
)
from planner.web.views import (
    negotiating as negotiating,  # these as well
)

BLUEPRINTS = (
    week.blueprint,
    identity.blueprint,
    start.blueprint,
    dependencies.blueprint,
    goals.blueprint,
    map.blueprint,
    sessions.blueprint,
    suggestion.blueprint,
    searches.blueprint,
    kept_plans.blueprint,
    proposals.blueprint,
    shared_sessions.blueprint,
    single_sessions.blueprint,
    preparing.blueprint,
    promises.blueprint,
    minutes.blueprint,
    adjusting.blueprint,
    trials.blueprint,
    calendars.blueprint,
    live.blueprint,
    teams.blueprint,
    people.blueprint,
    places.blueprint,
    horizons.blueprint,
    exchange.blueprint,
    imports.blueprint,
    history.blueprint,
    notices.blueprint,
    hooks.blueprint,
    search.blueprint,
    names.blueprint,
    help.blueprint,
    doors.blueprint,
    account.blueprint,
    invitations.blueprint,
    shares.blueprint,
    tokens.blueprint,
    openid.blueprint,
)
