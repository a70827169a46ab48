"""Every table, imported here so that the metadata is complete wherever one of them is used."""

from planner.storage.models.accounts import AccountRow, AttemptRow, IdentityRow, SignInRow, TicketRow
from planner.storage.models.api import KeptAnswerRow, TokenRow
from planner.storage.models.audit import ChangeRow, EventRow
from planner.storage.models.away import AwayRow
from planner.storage.models.ballots import BallotRow, PaperRow
from planner.storage.models.dependencies import DependencyRow, MessageRow
from planner.storage.models.goals import GoalRow, GoalTeamRow, HorizonRow
from planner.storage.models.hooks import HookDeliveryRow, HookRow
from planner.storage.models.jobs import JobRow, WorkerRow
from planner.storage.models.mail import MailRow
from planner.storage.models.meetings import (
    AgendaItemRow,
    MeetingAttendanceRow,
    MeetingRow,
    OutcomeRow,
    PollRow,
    PollVoteRow,
    WordRow,
)
from planner.storage.models.minutes import MinutesRow, ObjectionRow, WorthRow
from planner.storage.models.notices import NoticeChoiceRow, NoticeRow
from planner.storage.models.organisation import MapPositionRow, OrganisationRow, ResultRow
from planner.storage.models.places import PlaceRow, TravelRow
from planner.storage.models.plans import KeptPlanRow
from planner.storage.models.promises import PromiseEntryRow, PromiseRow, WitnessRow
from planner.storage.models.proposals import AnswerRow, ProposalRow, SharedSessionRow
from planner.storage.models.search import SearchTextRow
from planner.storage.models.sessions import AttendanceRow, TeamSessionRow
from planner.storage.models.teams import MembershipRow, PersonRow, TeamRow
from planner.storage.models.times import ALL_DATES, InboxRow, ReplyRow, TimePollAnswerRow, TimePollRow
from planner.storage.models.uploads import ImportHabitRow, UploadPartRow, UploadRow

__all__ = [
    "ALL_DATES",
    "AccountRow",
    "AgendaItemRow",
    "AnswerRow",
    "AttemptRow",
    "AttendanceRow",
    "AwayRow",
    "BallotRow",
    "ChangeRow",
    "DependencyRow",
    "EventRow",
    "GoalRow",
    "GoalTeamRow",
    "HookDeliveryRow",
    "HookRow",
    "HorizonRow",
    "IdentityRow",
    "ImportHabitRow",
    "InboxRow",
    "JobRow",
    "KeptAnswerRow",
    "KeptPlanRow",
    "MailRow",
    "MapPositionRow",
    "MeetingAttendanceRow",
    "MeetingRow",
    "MembershipRow",
    "MessageRow",
    "MinutesRow",
    "NoticeChoiceRow",
    "NoticeRow",
    "ObjectionRow",
    "OrganisationRow",
    "OutcomeRow",
    "PaperRow",
    "PersonRow",
    "PlaceRow",
    "PollRow",
    "PollVoteRow",
    "PromiseEntryRow",
    "PromiseRow",
    "ProposalRow",
    "ReplyRow",
    "ResultRow",
    "SearchTextRow",
    "SharedSessionRow",
    "SignInRow",
    "TeamRow",
    "TeamSessionRow",
    "TicketRow",
    "TimePollAnswerRow",
    "TimePollRow",
    "TokenRow",
    "TravelRow",
    "UploadPartRow",
    "UploadRow",
    "WitnessRow",
    "WordRow",
    "WorkerRow",
    "WorthRow",
]
