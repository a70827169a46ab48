"""One blueprint per feature; `asking` adds the sentence and the paste to that of dependencies."""

from planner.web.views import asking, exchange, help, history, identity, map, search, start, suggestion
from planner.web.views import teams, week

BLUEPRINTS = (
    week.blueprint,
    identity.blueprint,
    start.blueprint,
    asking.blueprint,
    map.blueprint,
    suggestion.blueprint,
    teams.blueprint,
    exchange.blueprint,
    history.blueprint,
    search.blueprint,
    help.blueprint,
)
