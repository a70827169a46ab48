"""The form of one act: it asks for what the act needs, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wtforms import HiddenField, StringField, TextAreaField

from planner.domain.model import TeamId
from planner.domain.negotiation.acts import Act, Move
from planner.domain.text import PROSE_LONGEST, SENTENCE_LONGEST
from planner.web.acts import REASONS, WORDS
from planner.web.forms.base import RecordForm, form_key, options
from planner.web.forms.fields import Checkboxes, Choice, Day, at_most

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.model import Dependency, Organisation

A_SPRINT = timedelta(days=14)


class ActForm(RecordForm):
    """All that an act may ask for; `for_act` keeps the fields of one act."""

    key = HiddenField()
    next = HiddenField()
    day = Day("Date")
    what = StringField("Scope", [at_most(SENTENCE_LONGEST)])
    provider = Choice("Team", names="teams")
    reasons = Checkboxes("Because", choices=[(reason, reason.capitalize()) for reason in REASONS])
    text = TextAreaField("Words", [at_most(PROSE_LONGEST)])
    heard = TextAreaField("What I heard you need", [at_most(SENTENCE_LONGEST)])
    heard_right = HiddenField()
    criteria = TextAreaField("Done when", [at_most(PROSE_LONGEST)])
    conditions = TextAreaField("Conditions", [at_most(PROSE_LONGEST)])
    met = Checkboxes("Done when")
    held = Checkboxes("Was it met?")
    unmet = Checkboxes("Not met yet")

    def for_act(self, act: Act, organisation: Organisation, dependency: Dependency) -> ActForm:
        """Keep what the act asks for, with its words over it, and return the form."""
        self.act = act
        asked = {name: label for name, label, _hint in WORDS[act].asks}
        for name in set(self._fields) - {"version", "key", "next", "heard_right", "csrf_token", *asked}:
            del self[name]
        for name, label in asked.items():
            field = self[name]
            field.label.text = label
            field.id = field.label.field_id = f"{name}-{dependency.id}"
        self._offer(organisation, dependency)
        return self

    def _offer(self, organisation: Organisation, dependency: Dependency) -> None:
        if "provider" in self._fields:
            others = [t for t in organisation.teams if t.id != dependency.consumer_id]
            self.provider.choices = options((t.key, t.name) for t in others)
        said = dependency.negotiation
        offered = {"met": said.criteria, "unmet": said.criteria, "held": said.conditions}
        for name in offered.keys() & self._fields.keys():
            self[name].choices = [(one, one) for one in offered[name]]
        self.team_ids = {team.key: team.id for team in organisation.teams}

    def fill(self, organisation: Organisation, dependency: Dependency, today: date) -> None:
        """Show what is likely: what stands now, so that one change is enough."""
        likely = {
            "what": dependency.what,
            "provider": organisation.team[dependency.provider_id].key,
            "criteria": "\n".join(dependency.negotiation.criteria),
            "day": _likely_day(self.act, dependency, today),
        }
        for name, value in likely.items():
            if name in self._fields:
                self[name].data = value

    @property
    def form_key(self) -> str | None:
        return form_key(self.key.data)

    def move(self) -> Move:
        """Return the act with what was typed."""
        said = {name: field.data for name, field in self._fields.items()}
        own_words = _lines(said.get("text")) if self.act is Act.RETURN else ()
        return Move(
            act=self.act,
            day=said.get("day"),
            what=said.get("what") or "",
            provider_id=self._provider(said.get("provider")),
            text=", ".join([*(said.get("reasons") or ()), *filter(None, [said.get("text")])]),
            heard=said.get("heard") or "",
            heard_right={"yes": True, "no": False}.get(said.get("heard_right") or ""),
            criteria=_lines(said["criteria"]) if "criteria" in said else None,
            conditions=_lines(said.get("conditions")),
            met=tuple(said.get("met") or ()),
            held=tuple(said["held"] or ()) if "held" in said and self.held.choices else None,
            unmet=(*(said.get("unmet") or ()), *own_words),
        )

    def _provider(self, key: str | None) -> TeamId | None:
        return self.team_ids.get(key) if key else None


def _likely_day(act: Act, dependency: Dependency, today: date) -> date | None:
    """The date as it stands where that is what is sent; a sprint later where another one is wanted."""
    if act in {Act.ACCEPT, Act.ASK_AGAIN}:
        return dependency.needed_by
    stands = dependency.needed_by if act is Act.COUNTER else dependency.promised_for
    return max(stands or today, today) + A_SPRINT


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line for line in (text or "").splitlines() if line.strip())
