"""The forms at the door: signing in, joining, and a new password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from planner.domain.text import EMAIL_LONGEST, NAME_LONGEST
from planner.services.accounts.joining import Newcomer
from planner.services.accounts.passwords import LONGEST
from planner.web.forms.base import RecordForm, options
from planner.web.forms.fields import Choice, at_most

if TYPE_CHECKING:
    from planner.domain.model import Organisation

CURRENT = {"autocomplete": "current-password"}
NEW = {"autocomplete": "new-password"}
ADDRESS = {"autocomplete": "username"}


def _needed(what: str) -> InputRequired:
    return InputRequired(f"is empty; write {what}")


class SignInForm(RecordForm):
    email = EmailField("E-mail", [_needed("your address"), at_most(EMAIL_LONGEST)], render_kw=ADDRESS)
    password = PasswordField("Password", [_needed("your password")], render_kw=CURRENT)


class MailForm(RecordForm):
    email = EmailField("E-mail", [_needed("your address"), at_most(EMAIL_LONGEST)], render_kw=ADDRESS)


class NewPasswordForm(RecordForm):
    password = PasswordField("New password", [_needed("a password"), at_most(LONGEST)], render_kw=NEW)


class ChangePasswordForm(RecordForm):
    current = PasswordField("Password now", render_kw=CURRENT)
    password = PasswordField("New password", [_needed("a password"), at_most(LONGEST)], render_kw=NEW)


class AddressForm(RecordForm):
    email = EmailField("New e-mail", [_needed("your new address"), at_most(EMAIL_LONGEST)], id="new-email")
    current = PasswordField("Password", render_kw=CURRENT, id="address-current")


class JoinForm(RecordForm):
    """For somebody new; `know` leaves out what the invitation says already."""

    name = StringField("Your name", [at_most(NAME_LONGEST)], render_kw={"autocomplete": "name"})
    email = EmailField("E-mail", [at_most(EMAIL_LONGEST)], render_kw=ADDRESS)
    password = PasswordField("Password", [_needed("a password"), at_most(LONGEST)], render_kw=NEW)
    zone = HiddenField(render_kw={"data-zone": True})

    def know(self, *, has_name: bool, has_email: bool) -> JoinForm:
        """Take away the fields whose answer is known, and return the form."""
        if has_name:
            del self.name
        if has_email:
            del self.email
        return self

    def newcomer(self) -> Newcomer:
        """Return what was typed."""
        asked = ("name", "email", "password", "zone")
        typed = {name: self[name].data or "" if name in self else "" for name in asked}
        return Newcomer(**typed)


class FirstForm(JoinForm):
    """For the one who installs: one of the people who are recorded, or a new one with a team."""

    person = Choice("Who are you?")
    team = StringField("Your team", [at_most(NAME_LONGEST)])

    def offer(self, organisation: Organisation) -> FirstForm:
        """Offer the people of the organisation; where there are any, the team is not asked."""
        if organisation.people:
            self.person.choices = options((p.key, p.name) for p in organisation.people)
            del self.name, self.team
        else:
            del self.person
        return self


class InvitationForm(RecordForm):
    team = Choice("Team", names="teams")
    person = Choice("Who", names="people")
    email = EmailField("Send it to", [at_most(EMAIL_LONGEST)])

    def offer(self, teams: list[tuple[str, str]], people: list[tuple[str, str]]) -> InvitationForm:
        """Fill the choices and return the form."""
        self.team.choices = options(teams)
        self.person.choices = [("", "somebody new"), *options(people)]
        return self
