"""The form of an access token."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired

from planner.domain.text import NAME_LONGEST
from planner.services.accounts.tokens import Scope
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Checkboxes, Day, Needed, at_most

WORDS = {
    Scope.READ: "Read: everything that you can see",
    Scope.WRITE: "Write: teams, people, goals, sessions, dependencies, answers, as you",
    Scope.SETTINGS: "Settings: places, horizons, rules, invitations, web hooks, accounts",
}


class TokenForm(RecordForm):
    name = StringField("What it is for", [InputRequired("is empty; name the program"), at_most(NAME_LONGEST)])
    scopes = Checkboxes("What it may do", choices=[(scope.value, WORDS[scope]) for scope in Scope])
    until = Day("Until", [Needed("is empty; choose a day")])
