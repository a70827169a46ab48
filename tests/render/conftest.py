"""The example organisation of the picture tests: fourteen teams of a railway and what they hand over."""

from __future__ import annotations

import pytest

from planner.domain.picture import TeamLink, TeamMap, TeamNode

AREAS = ("Customer", "Fares & partners", "Operations", "Platform")
_TEAMS = """
app|Mobile App|Customer|Ines Roth
web|Web Shop|Customer|Tomás Vega
loy|Loyalty|Customer|Priya Nair
care|Customer Care|Customer|Olu Adeyemi
tt|Timetable|Operations|Hanna Lind
dis|Disruption Desk|Operations|Marek Zielak
fleet|Fleet Telemetry|Operations|Yuki Mori
crew|Crew Rostering|Operations|Sam Okafor
pay|Payments|Platform|Dana Fischer
id|Identity|Platform|Leo Brandt
data|Data Platform|Platform|Amara Diallo
notif|Notifications|Platform|Joon Park
fare|Fares & Pricing|Fares & partners|Clara Meyer
api|Partner API|Fares & partners|Ravi Iyer
"""
_LINKS = """
id app Passkey sign-in
id web Passkey sign-in
id loy Single customer id
pay id Verified card token, Single customer id | two-way open
pay loy Points as tender | late
notif app Push channel v2
dis notif Disruption events
fleet dis Live train positions | late
tt dis Planned-change feed
crew tt Crew availability, Draft timetable | two-way open
data crew Fatigue model | open
data fleet Stream ingest
fleet fare Tap events
fare pay Capped fare result, Settled amounts | two-way late
fare api Tap-to-ride product | open
fare web Capped fare display
pay care Refund call
data care Delay evidence
dis data Actual arrivals
care app Refund status
care web Refund status
api pay Settlement file | open
notif care Message templates
notif loy Push channel v2 | open
web app Design tokens | shared
fleet tt Stop codes | shared
"""


@pytest.fixture(scope="session")
def larkfield() -> TeamMap:
    """The team map: 14 teams, 26 links."""
    teams = [line.split("|") for line in _TEAMS.strip().splitlines()]
    numbers = {key: number for number, (key, *_) in enumerate(teams, start=1)}
    return TeamMap(
        title="Team map of Larkfield Rail",
        nodes=tuple(
            TeamNode(numbers[key], name, owner, area, f"/teams/{numbers[key]}")
            for key, name, area, owner in teams
        ),
        links=tuple(_link(line, numbers) for line in _LINKS.strip().splitlines()),
        areas=AREAS,
        subtitle="Sprint 1, all goals",
    )


def _link(line: str, numbers: dict[str, int]) -> TeamLink:
    said, _, marks = line.partition(" | ")
    provider, consumer, titles = said.split(" ", 2)
    return TeamLink(
        provider=numbers[provider],
        consumer=numbers[consumer],
        titles=tuple(titles.split(", ")),
        count=1,
        is_late="late" in marks,
        is_open="open" in marks,
        is_two_way="two-way" in marks,
        is_shared="shared" in marks,
    )
