"""How a receiver knows that a message is ours, whole and new: an HMAC over the moment and the body."""

from __future__ import annotations

import hashlib
import hmac


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return what stands in `Planner-Signature`: the moment, and the HMAC-SHA256 of "moment.body" in hex."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"t={timestamp},v1={signed.hexdigest()}"
