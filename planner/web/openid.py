"""What is said when the house's own sign-in fails; what asks it is in `provider`, which is slow to import."""

from __future__ import annotations

from planner.domain.errors import PlannerError

NOT_BELIEVED = (
    "What your organisation’s sign-in answered cannot be believed, so nobody was signed in. "
    "Begin again from the page “Sign in”; if it stays, tell whoever runs this."
)


class ProviderSilent(PlannerError):
    """The provider cannot be reached, or says nothing that can be read."""

    def __init__(self) -> None:
        super().__init__(
            "Your organisation’s sign-in does not answer. Wait a moment, or sign in another way."
        )
