"""What a browser is called in a list of one's own sign-ins."""

from __future__ import annotations

# the first that is named wins: most browsers also name those that came before them
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """Return "Firefox on Linux", as far as the browser says; "A browser" where it does not."""
    browser = _first(BROWSERS, user_agent, "A browser")
    system = _first(SYSTEMS, user_agent, "")
    return f"{browser} on {system}" if system else browser


def _first(named: tuple[tuple[str, str], ...], text: str, otherwise: str) -> str:
    return next((word for sign, word in named if sign in text), otherwise)
