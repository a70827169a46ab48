"""Invitations mailed by a page or by a program, from the address that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.web import context

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.storage.audit import OpenChange


def mailed(mail: Callable[..., OpenChange], number: int) -> OpenChange:
    """Mail the invitations of a proposal or a session, as whoever acts. Raises as `mail` does."""
    settings = context.context().settings
    return mail(
        context.database(),
        context.actor(),
        number,
        sender=settings.mail_from,
        address=settings.address,
        replies_to=context.replies_to(),
    )
