"""One act, one transaction, one entry in the history; and the way back."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from itertools import groupby
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Date, inspect, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from planner.domain.errors import CannotUndo, Clash, NotFound, Outrun, Problem, StaleVersion
from planner.domain.minutes import last_day
from planner.services.merging import IMPORTED
from planner.services.permissions import Right, require
from planner.services.touched import UNDONE, tell_touched
from planner.storage.audit import OpenChange, close_change, note_without_values, open_change, values_of
from planner.storage.db import Base, Row, UtcDateTime, lost_a_race
from planner.storage.models import ChangeRow, EventRow, MinutesRow, ObjectionRow, PlaceRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

WITHOUT_VALUES = ("account:", "vote:")
"""How the tags of changes begin that have no values to go back to."""
VOTES = frozenset({"meeting:vote", "meeting:reveal"})
"""What others have acted on before anybody could take it back: a vote is changed by voting anew."""
TRIES = 20
"""How often an act is tried: nobody is outrun more often than there are others who act just then."""
SOMEBODY_ELSE = "Somebody else changed this while you were at it. Look at what is there now, then try again."

Given = ParamSpec("Given")
Made = TypeVar("Made")


def in_turn(
    act: Callable[Concatenate[Session, Given], Made],
) -> Callable[Concatenate[Session, Given], Made]:
    """Let an act that meets others of the same moment be done after them; it reads what it needs itself.

    For rooms in which many act at once. What asks for a version is still refused once that is gone.
    """

    @wraps(act)
    def done(session: Session, /, *args: Given.args, **kwargs: Given.kwargs) -> Made:
        for _ in range(TRIES - 1):
            try:
                return act(session, *args, **kwargs)
            except (Outrun, Clash):
                continue
            except OperationalError as error:
                session.rollback()
                if not lost_a_race(error):
                    raise
        return act(session, *args, **kwargs)

    return done


@contextmanager
def recorded(
    session: Session,
    actor: Actor,
    tag: str,
    summary: str,
    *,
    undoes: int | None = None,
    key: str | None = None,
) -> Iterator[OpenChange]:
    """Make one change: everything inside is saved together with its history, or nothing is.

    The yielded change has its `id` after the block; None when nothing differed. `key` is that of the
    form that asked for it, see `asked_before`.
    Raises Outrun when somebody else was faster, Clash when the database refuses.
    """
    change = OpenChange(actor.at, actor.person_id, actor.name, tag, summary, undoes, key)
    open_change(session, change)
    try:
        with one_transaction(session):
            yield change
            tell_touched(session, change)
    finally:
        close_change(session)


@contextmanager
def noted(
    session: Session, actor: Actor, tag: str, summary: str, *, about: str = "account"
) -> Iterator[None]:
    """Make one change to what the history must not keep: it tells who did it, and no value.

    `about` is one of those in WITHOUT_VALUES. Such a change is not taken back from the history.
    Raises as `one_transaction` does.
    """
    with one_transaction(session):
        yield
        change = OpenChange(actor.at, actor.person_id, actor.name, f"{about}:{tag}", summary)
        note_without_values(session, change)


@contextmanager
def one_transaction(session: Session) -> Iterator[None]:
    """Save everything inside together, or nothing; for what the history must not keep.

    Raises Outrun when somebody else was faster, Clash when the database refuses.
    """
    try:
        yield
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise Outrun(SOMEBODY_ELSE) from error
    except IntegrityError as error:
        session.rollback()
        raise Clash(Problem("", "This clashes with what is there already. " + SOMEBODY_ELSE)) from error
    except OperationalError as error:
        session.rollback()
        if not lost_a_race(error):
            raise
        raise Outrun(SOMEBODY_ELSE) from error
    except BaseException:
        session.rollback()
        raise


def expect_version(row: Row, version: int | None) -> None:
    """Raise StaleVersion unless the row still is what the person looked at; None looks away."""
    if version is not None and row.version != version:
        raise StaleVersion(SOMEBODY_ELSE)


def asked_before(session: Session, actor: Actor, key: str | None) -> OpenChange | None:
    """Return the change that the same form of the same person has made already; None when it is new."""
    if key is None:
        return None
    row = session.scalar(select(ChangeRow).where(ChangeRow.key == key, ChangeRow.actor_id == actor.person_id))
    if row is None:
        return None
    return OpenChange(row.at, row.actor_id, row.actor_name, row.tag, row.summary, row.undoes_id, key, row.id)


def undo(session: Session, actor: Actor, change_id: int) -> OpenChange:
    """Take a change back as a change of its own, so that undo can be undone.

    Raises NotFound, NotAllowed, and CannotUndo with what has been built on the change since.
    """
    change = session.get(ChangeRow, change_id)
    if change is None:
        raise NotFound(f"There is no change {change_id}.")
    require(actor, Right.UNDO, [change.actor_id] if change.actor_id is not None else [])
    if session.scalar(select(ChangeRow.id).where(ChangeRow.undoes_id == change_id)):
        raise CannotUndo("This was taken back already.")
    if change.tag.startswith(WITHOUT_VALUES):
        raise CannotUndo("This cannot be taken back from here. Do the opposite where it was done.")
    if change.tag in VOTES:
        raise CannotUndo(
            "A vote is not taken back. While it is open, vote anew; after that, call another one."
        )
    events = session.scalars(
        select(EventRow).where(EventRow.change_id == change_id).order_by(EventRow.id)
    ).all()
    _expect_no_answer(session, change, events)
    if change.tag != IMPORTED:  # what came as agreed goes with the file that it came in
        _expect_not_agreed(session, events, actor.today)
    with recorded(session, actor, UNDONE, f"Took back: {change.summary}", undoes=change_id) as back:
        try:
            _reverse(session, events[::-1])
        except IntegrityError as error:
            raise CannotUndo("Something else was built on this since. Remove that first.") from error
    return back


def _expect_no_answer(session: Session, change: ChangeRow, events: Sequence[EventRow]) -> None:
    """Raise CannotUndo where somebody else went on from what this change made of a dependency.

    A promise was given for the words that stood there: they are not taken back from under it, though
    the promise itself is kept in other columns.
    """
    numbers = [e.subject_id for e in events if (e.subject, e.act) == ("dependency", "updated")]
    if not numbers:
        return
    touching = select(EventRow.change_id).where(
        EventRow.subject == "dependency", EventRow.subject_id.in_(numbers), EventRow.change_id > change.id
    )
    later = session.scalars(select(ChangeRow).where(ChangeRow.id.in_(touching)).order_by(ChangeRow.id)).all()
    for answer in _in_force(later):
        if answer.actor_id != change.actor_id:
            raise CannotUndo(
                f"This was changed again since, by {answer.actor_name}: {answer.summary}. "
                "It cannot be taken back alone."
            )


def _expect_not_agreed(session: Session, events: Sequence[EventRow], today: date) -> None:
    """Raise CannotUndo for what silence has agreed to: minutes three working days after they were shared."""
    shared = {e.subject_id for e in events if (e.subject, e.act) == ("minutes", "created")}
    answered = [e.subject_id for e in events if (e.subject, e.act) == ("minutes_objection", "updated")]
    answered_in = select(ObjectionRow.minutes_id).where(ObjectionRow.id.in_(answered))
    shared |= set(session.scalars(answered_in)) if answered else set()
    rows = session.scalars(select(MinutesRow).where(MinutesRow.id.in_(shared))) if shared else ()
    if any(today > last_day(row.shared_at.date(), _days_off(session, row)) for row in rows):
        raise CannotUndo("These minutes are agreed. Change the outcome in the session, then correct them.")


def _days_off(session: Session, row: MinutesRow) -> list[date]:
    """The days on which nobody works where people met."""
    days = session.scalar(select(PlaceRow.days_off).where(PlaceRow.name == row.body["place"])) or []
    return [date.fromisoformat(day) for day in days]


def _in_force(changes: Sequence[ChangeRow]) -> list[ChangeRow]:
    """The changes that still hold: neither taken back, nor taking back another one of these."""
    known = {change.id: change for change in changes}
    taken_back: set[int] = set()
    for change in reversed(changes):
        if change.id not in taken_back and change.undoes_id in known:
            taken_back |= {change.id, change.undoes_id}
    return [change for change in changes if change.id not in taken_back]


def _reverse(session: Session, events: Sequence[EventRow]) -> None:
    for (subject, act), group in groupby(events, key=lambda event: (event.subject, event.act)):
        table = _table(subject)
        for event in group:
            _REVERSE[act](session, table, event)
        session.flush()


def _remove_again(session: Session, table: type[Row], event: EventRow) -> None:
    row = _current(session, table, event)
    _expect_unchanged(row, event.after or {})
    session.delete(row)


def _bring_back(session: Session, table: type[Row], event: EventRow) -> None:
    if session.get(table, event.subject_id) is not None:
        raise CannotUndo("What was removed is there again already.")
    session.add(table(**_typed(table, event.before or {})))


def _set_back(session: Session, table: type[Row], event: EventRow) -> None:
    row = _current(session, table, event)
    _expect_unchanged(row, event.after or {})
    for column, value in _typed(table, event.before or {}).items():
        setattr(row, column, value)


_REVERSE = {"created": _remove_again, "removed": _bring_back, "updated": _set_back}


def _table(subject: str) -> type[Row]:
    for mapper in Base.registry.mappers:
        if mapper.class_.__tablename__ == subject:
            return mapper.class_
    raise CannotUndo(f"{subject} is not kept any more.")


def _current(session: Session, table: type[Row], event: EventRow) -> Row:
    row = session.get(table, event.subject_id)
    if row is None:
        raise CannotUndo("What was changed has been removed since.")
    return row


def _expect_unchanged(row: Row, values: dict[str, Any]) -> None:
    now = values_of(row)
    changed = sorted(column for column, value in values.items() if now.get(column) != value)
    if changed:
        fields = ", ".join(column.removesuffix("_id").replace("_", " ") for column in changed)
        raise CannotUndo(f"This was changed again since ({fields}).")


def _typed(table: type[Row], values: dict[str, Any]) -> dict[str, Any]:
    columns = inspect(table).columns
    return {name: _of_type(columns[name].type, value) for name, value in values.items()}


def _of_type(kind: object, value: Any) -> Any:
    """What JSON made a word is a day or a moment again."""
    if value and isinstance(kind, Date):
        return date.fromisoformat(value)
    if value and isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return value
