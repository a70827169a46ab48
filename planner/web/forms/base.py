"""What every form shares: the version that was looked at, keys as choices, problems at their field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_wtf import FlaskForm
from wtforms import HiddenField

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from planner.domain.errors import InvalidInput

NONE = ("", "none")
UNKNOWN = -1


class RecordForm(FlaskForm):
    """A form over one record; `version` is that of the record when the page was made."""

    version = HiddenField()
    record = HiddenField()
    """The number of the record: it stays when somebody gives it another name while the form is open."""
    status = 422
    """What a page with this form answers when it was not saved: something is wrong, or 409, overtaken."""
    overtaken_by: Sequence[tuple[str, date, str]] = ()
    """Who changed the record meanwhile, when, and what they did."""

    @property
    def expected_version(self) -> int:
        """The version that was looked at; UNKNOWN, which no record has, when the form carries none."""
        typed = self.version.data or ""
        return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else UNKNOWN

    def show_problems(self, error: InvalidInput) -> None:
        """Put each problem of a service beside the field it belongs to, or above the form."""
        for problem in error.problems:
            if problem.where in self._fields:
                field = self._fields[problem.where]
                field.errors = [*field.errors, problem.message]
            else:
                self.form_errors.append(f"{problem.where} {problem.message}".strip())


def form_key(typed: str | None) -> str | None:
    """Return the key of a form as it was made, None for anything else."""
    return typed if typed and re.fullmatch("[A-Za-z0-9_-]{1,64}", typed) else None


def options(pairs: Iterable[tuple[str, str]], *, optional: bool = False) -> list[tuple[str, str]]:
    """Return choices sorted by what people read, with "none" first when it may be left open."""
    listed = sorted(pairs, key=lambda pair: pair[1].casefold())
    return [NONE, *listed] if optional else listed
