"""One blueprint per feature; `asking` adds the sentence and the paste to that of dependencies."""

from planner.web.views import (
    account,
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
    invitations,
    kept_plans,
    map,  # noqa: A004 - a page called map
    minutes,
    notices,
    openid,
    people,
    places,
    promises,
    proposals,
    search,
    searches,
    sessions,
    shares,
    start,
    suggestion,
    teams,
    trials,
    week,
)
from planner.web.views import (
    asking as asking,  # adds its routes to the blueprint of dependencies
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
    promises.blueprint,
    minutes.blueprint,
    trials.blueprint,
    calendars.blueprint,
    teams.blueprint,
    people.blueprint,
    places.blueprint,
    horizons.blueprint,
    exchange.blueprint,
    history.blueprint,
    notices.blueprint,
    hooks.blueprint,
    search.blueprint,
    help.blueprint,
    doors.blueprint,
    account.blueprint,
    invitations.blueprint,
    shares.blueprint,
    openid.blueprint,
)
