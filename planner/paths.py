"""Where the files that travel with the product are, in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
MIGRATIONS = PACKAGE / "storage" / "migrations"


def assets(name: str) -> Path:
    """Return the folder `templates` or `static`.

    An installed package carries them in `_assets`; that place comes first because beside an
    installed package some other distribution may have left a folder of the same name.
    Raises FileNotFoundError naming both places.
    """
    places = (PACKAGE / "_assets" / name, PACKAGE.parent / name)
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"{name}: neither {places[0]} nor {places[1]} is there; reinstall planner")
