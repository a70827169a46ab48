"""One blueprint per feature."""

from planner.web.views import goals, horizons, identity, people, places, sessions, teams

BLUEPRINTS = (
    goals.blueprint,
    horizons.blueprint,
    identity.blueprint,
    people.blueprint,
    places.blueprint,
    sessions.blueprint,
    teams.blueprint,
)
