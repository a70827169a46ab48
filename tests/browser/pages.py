"""Every page that a browser can open, with the addresses to open it at."""

from __future__ import annotations

PAGES: dict[str, tuple[str, ...]] = {
    "week.index": ("/",),
    "identity.choose": ("/sign-in",),
    "dependencies.index": ("/dependencies", "/dependencies?q=nothing+like+this"),
    "dependencies.show": ("/dependencies/1",),
    "dependencies.edit": ("/dependencies/1/edit",),
    "dependencies.answer": ("/dependencies/29/counter", "/dependencies/29/decline"),
    "dependencies.new": (
        "/dependencies/new",
        "/dependencies/new?s=Tap+file+from+Partner+API+by+2+Mar",
        "/dependencies/new?bulk=1",
    ),
    "goals.index": ("/goals",),
    "goals.new": ("/goals/new",),
    "goals.show": ("/goals/one-account",),
    "goals.edit": ("/goals/one-account/edit",),
    "map.show": (
        "/map",
        "/map?focus=payments&depth=1",
        "/map?goal=rosters&only=loop",
        "/map?view=around&focus=payments",
        "/map?view=time",
        "/map?view=chain",
        "/map?view=matrix",
        "/map?view=board",
        "/map?view=goals",
        "/map?view=loops",
        "/map?view=loops-on-map",
        "/map?view=sessions",
        "/map?view=dial",
        "/map?level=backbone&links=5",
    ),
    "sessions.index": ("/sessions",),
    "sessions.new": ("/sessions/team/new",),
    "sessions.show": ("/sessions/team/payments-prioritisation",),
    "sessions.edit": ("/sessions/team/payments-prioritisation/edit",),
    "suggestion.show": ("/sessions/suggestion",),
    "suggestion.dial": ("/sessions/suggestion/dial", "/sessions/suggestion/dial?attendance=whole"),
    "suggestion.part": tuple(
        f"/sessions/suggestion/{part}" for part in ("uncovered", "torn", "writing", "apart", "load")
    ),
    "adjusting.draft": ("/sessions/suggestion/adjust",),
    "adjusting.version": (),  # there is none in the example: tests/browser/test_adjusting.py
    "proposals.index": ("/sessions/proposals",),
    "proposals.show": (),  # there is none in the example: tests/browser/test_agreeing.py
    "proposals.part": (),  # there is none in the example: tests/web/test_large_pages.py
    "shared_sessions.show": (),  # there is none in the example: tests/browser/test_times.py
    "preparing.show": (),  # there is none in the example: tests/browser/test_preparing.py
    "trials.own": ("/people/dana-fischer/load",),
    "minutes.show": (),  # there is no session in the example: tests/browser/test_minutes.py
    "promises.index": ("/promises",),
    "promises.show": (),  # there is none in the example: tests/browser/test_promising.py
    "calendars.index": ("/calendar",),
    "programs.index": ("/api",),
    "programs.show": ("/api/about/dependencies", "/api/about/team-sessions", "/api/about/imports"),
    "tokens.index": ("/account/tokens",),
    "live.show": (),  # nothing runs in the example: tests/browser/test_live.py
    "live.screen": (),
    "live.door": ("/live",),
    "teams.index": ("/teams",),
    "teams.new": ("/teams/new",),
    "teams.show": ("/teams/payments",),
    "teams.edit": ("/teams/payments/edit",),
    "people.index": ("/people",),
    "people.new": ("/people/new",),
    "people.show": ("/people/dana-fischer",),
    "people.edit": ("/people/dana-fischer/edit",),
    "places.index": ("/places",),
    "places.new": ("/places/new",),
    "places.show": ("/places/Dock Street",),
    "places.edit": ("/places/Dock Street/edit",),
    "horizons.index": ("/horizons",),
    "horizons.new": ("/horizons/new",),
    "horizons.show": ("/horizons/Sprint 1",),
    "horizons.edit": ("/horizons/Sprint 1/edit",),
    "exchange.index": ("/exchange",),
    "history.index": ("/history", "/history?what=dependency&since=2026-01-01", "/history?of=dependency-1"),
    "notices.index": ("/notices",),
    "notices.choices": ("/notices/choices",),
    "hooks.index": ("/hooks",),
    "search.results": ("/search", "/search?q=payments", "/search?q=Tap+file+from+Partner+API"),
    "help.index": ("/help",),
}
"""By endpoint, over the example organisation."""

NO_PAGES = frozenset(
    {
        "static",
        "start.new",  # answers only while nobody is recorded: among the empty ones
        "dependencies.preview",  # a piece of a page, shown by the sentence
        "map.file",
        "names.index",  # the list that a field offers; leads to the page with the same names
        "search.palette",  # leads to the page of results, but for the palette itself
        "searches.show",  # a piece of a page, shown by the suggestion while a search goes on
        "suggestion.table",
        "calendars.session",
        "live.code",  # leads to the session, or asks a guest: tests/browser/test_live.py
        "live.room",
        "minutes.file",
        "calendars.feed",
        "imports.show",  # with an import of one's own: tests/browser/test_imports.py
        "exchange.whole",
        "exchange.csv",
        # where people have accounts, and tested there
        "account.address",
        "account.new_address",
        "account.show",
        "doors.ask",
        "doors.first",
        "doors.invitation",
        "doors.link",
        "doors.reset",
        "invitations.index",
        "invitations.people",
        "openid.back",
        "openid.begin",
        "shares.index",
        "shares.new",
        "shares.show",
        "shares.embed",
        "shares.picture",
    }
)
"""What answers to GET with something else than a page of its own."""

EMPTY_PAGES = ("/start", "/sign-in")
"""In an installation in which nothing is recorded."""

BARE_PAGES = (
    "/",
    "/dependencies",
    "/goals",
    "/map",
    "/sessions",
    "/sessions/suggestion",
    "/sessions/suggestion/dial",
    "/sessions/proposals",
    "/promises",
    "/calendar",
    "/teams",
    "/people",
    "/places",
    "/horizons",
    "/exchange",
    "/history",
    "/notices",
    "/notices/choices",
    "/hooks",
    "/search?q=x",
    "/no-such-page",
)
"""In an installation that has its first person and team and nothing else."""
