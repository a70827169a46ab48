"""The import report: a remark for each record repaired or left out."""

from __future__ import annotations

from planner.domain.transfer import Remark, Verdict


class Report:
    """Remarks in the order in which a reader makes them."""

    def __init__(self) -> None:
        self._remarks: list[Remark] = []

    def repaired(self, where: str, message: str) -> None:
        self._remarks.append(Remark(where, Verdict.REPAIRED, message))

    def left_out(self, where: str, message: str) -> None:
        self._remarks.append(Remark(where, Verdict.LEFT_OUT, message))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(self._remarks)
