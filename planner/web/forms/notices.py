"""The form in which somebody chooses how to be told: one field for each kind of notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf import FlaskForm

from planner.domain.notices import HowTold, NoticeKind
from planner.web.forms.fields import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

HOW = (
    (HowTold.NOW.value, "By mail at once"),
    (HowTold.DAILY.value, "In one mail a day"),
    (HowTold.NONE.value, "Not by mail"),
)
LABELS: Mapping[NoticeKind, str] = {
    NoticeKind.ASKED: "Something is asked of my team",
    NoticeKind.ANSWERED: "My team gets an answer",
    NoticeKind.REOPENED: "Something agreed is open again",
    NoticeKind.REMINDED: "Somebody waits for my team's answer",
    NoticeKind.SLIPPED: "What we wait for moves later",
    NoticeKind.ALL_THERE: "All that we waited for is there",
    NoticeKind.DUE_TOMORROW: "What we give is due tomorrow",
    NoticeKind.PROPOSAL: "A plan of shared sessions concerns me",
    NoticeKind.PROMISE: "A promise of mine is due, or one that I witness changes",
    NoticeKind.CHANGED: "An import, an undo or a removal touches what is ours",
    NoticeKind.SESSION: "A session is near, ended by itself, or a time is asked for",
    NoticeKind.MINUTES: "Minutes of a session of mine are shared, or objected to",
}


class ChoicesForm(FlaskForm):
    """Its fields are made by `choices_form`."""

    def fill(self, chosen: Mapping[NoticeKind, HowTold]) -> None:
        """Show what is chosen."""
        for kind, how in chosen.items():
            self[_field_name(kind)].data = how.value

    def chosen(self) -> dict[NoticeKind, HowTold]:
        """Return what was chosen, once it is valid."""
        return {kind: HowTold(self[_field_name(kind)].data) for kind in NoticeKind}


def choices_form(**arguments: Any) -> ChoicesForm:
    """Return the form with a field for each kind."""
    fields = {_field_name(kind): Choice(LABELS[kind], HOW) for kind in NoticeKind}
    form: ChoicesForm = type("ChoicesFormOfAllKinds", (ChoicesForm,), fields)(**arguments)
    return form


def _field_name(kind: NoticeKind) -> str:
    return kind.name.lower()
