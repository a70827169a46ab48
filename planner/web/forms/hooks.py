"""The form of a web hook."""

from __future__ import annotations

from wtforms import PasswordField, StringField

from planner.web.forms.base import RecordForm


class HookForm(RecordForm):
    """What is typed as secret is never shown again, not even when something else is wrong."""

    address = StringField("Address")
    secret = PasswordField("Secret")
