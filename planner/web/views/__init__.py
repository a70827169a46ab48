"""One blueprint per feature."""

from planner.web.views import identity

BLUEPRINTS = (identity.blueprint,)
