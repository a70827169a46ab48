"""Mail into a folder, where no server is set: to be read by whoever tries the planner."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from planner.delivery.errors import NotDelivered

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path


def write(message: EmailMessage, folder: Path, number: int) -> None:
    """Write a message as a file, whole or not at all, readable by its owner alone. Raises NotDelivered.

    Its name is a number of ours: nothing that people typed names a file.
    """
    begun = folder / f".{number:08}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(message.as_bytes())
        begun.replace(folder / f"{number:08}.eml")
    except OSError as error:
        raise NotDelivered(
            f"the folder for mails cannot be written: {error.strerror}", is_unreachable=True
        ) from error
    finally:
        with suppress(OSError):
            begun.unlink(missing_ok=True)
