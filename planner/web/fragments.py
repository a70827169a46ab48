"""Page or piece of page: decided by the element that was asked for, never by htmx's mere presence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


def wants_fragment(target: str) -> bool:
    """Return whether htmx asked for exactly this element, not for a whole page or a page of history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Target") == target
    )


def page_or_fragment(page: str, fragment: str, target: str, **values: Any) -> str:
    """Render the fragment when its element was asked for, else the page that holds it."""
    return render_template(fragment if wants_fragment(target) else page, **values)


def see_other(
    address: str, message: str = "", *, change_id: int | None = None, undo_at: str = ""
) -> Response:
    """Go to the next page after a successful POST, with a word about what was done and its undo.

    The undo is that of a change of the history, or a form of its own at `undo_at`.
    """
    if change_id is not None:
        undo_at = url_for("history.undo", change_id=change_id)
    if message:
        flash({"text": message, "undo": undo_at}, "done")  # type: ignore[arg-type] # a dict travels as JSON
    return redirect(address, 303)
