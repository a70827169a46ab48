"""Why something did not arrive."""

from __future__ import annotations


class NotDelivered(Exception):
    """It did not arrive; the text can be shown to who runs the planner and holds no secret.

    is_final: trying again is of no use. is_unreachable: the other end is not there for anything else either.
    """

    def __init__(self, message: str, *, is_final: bool = False, is_unreachable: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final
        self.is_unreachable = is_unreachable
