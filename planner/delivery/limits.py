"""A limit on a whole conversation, where the limits on each answer are not enough."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from threading import Event, Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def cut_off(connected: socket.socket, time_limit: float) -> Iterator[None]:
    """End the connection after the limit: one that gives a byte now and then would never time out.

    Raises TimeoutError at the end where it was cut off, because half an answer reads like a whole one.
    """
    # a second handle of the same connection: that of TLS must not be touched from another thread
    handle, was_cut = socket.socket(fileno=socket.dup(connected.fileno())), Event()
    timer = Timer(time_limit, _shut, (handle, was_cut))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()
    if was_cut.is_set():
        raise TimeoutError


def _shut(handle: socket.socket, was_cut: Event) -> None:
    was_cut.set()
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other end was faster
