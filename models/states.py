"""The words that rules, rows and pages share: every state, kind and class, once.

Standard library only, so that the pure rules may use it. A promise test holds each enum equal to
the check of the column that stores it.
"""

from enum import StrEnum


class Language(StrEnum):
    """Languages inside the system; locale and voice of each stand in the city pack."""

    EN = "en"
    ES = "es"


class NumberPresentation(StrEnum):
    """How the caller's number came to us (`call.number_presentation`)."""

    GIVEN = "given"
    WITHHELD = "withheld"
    SIP = "sip"
    CLIENT = "client"


class Origin(StrEnum):
    """Where a contact came from: the comparable 311 / 911 record's field."""

    LINE_311 = "311"
    TEN_DIGIT = "ten_digit"
    TRANSFER_IN = "transfer_in"
    CALL_BACK = "call_back"


class CallPhase(StrEnum):
    """Where a call is. `ended` is the only terminal phase."""

    MENU = "menu"
    LINE = "line"
    ROOM = "room"
    HUMAN_LINE = "human_line"
    ENDED = "ended"


class CallOutcome(StrEnum):
    """How a call ended, in the caller's terms."""

    HELPED = "helped"
    ABANDONED = "abandoned"
    TRANSFERRED_TO_911 = "transferred_to_911"
    HUMAN_LINE = "human_line"
    GOODBYE = "goodbye"
    FAILED = "failed"
    TRANSFERRED = "transferred"
    """Connected by the menu with an entry of the directory."""
    VOICEMAIL = "voicemail"
    CALL_BACK = "call_back"
    NOT_REACHED = "not_reached"
    """We rang them back, and nobody took the call."""


class CallBackOutcome(StrEnum):
    """What came of one try to ring a resident back."""

    TAKEN = "taken"
    """They pressed 1, or said yes."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"
    """Answered, and nobody took it: an answering machine, or a telephone laid aside."""
    DECLINED = "declined"
    """They cancelled by key when we rang."""
    CANCELLED = "cancelled"
    """They cancelled by text message before."""
    FAILED = "failed"
    """The telephone company did not ring, or the number may not be dialled."""
    BROKEN_OFF = "broken_off"
    """Our own desk hung up or was lost while it rang."""
    PUT_OFF = "put_off"
    """The line closed before their turn came; nothing was dialled."""


class EmergencyLevel(StrEnum):
    """The emergency reading of an utterance."""

    NONE = "none"
    POSSIBLE = "possible"
    EMERGENCY = "emergency"


class EscalationCause(StrEnum):
    """What asked for 911."""

    KEY = "key"
    WORDS = "words"
    POSSIBLE_CONFIRMED = "possible_confirmed"
    POSSIBLE_UNTAKEN = "possible_untaken"
    RED_BUTTON = "red_button"
    DETERMINANT = "determinant"
    UNANSWERED = "unanswered"
    """911 had left its caller with us and nobody took the call in time: it goes back."""


class ReadingJudgement(StrEnum):
    """What a call-taker found of the line's reading for danger, once they knew the call."""

    RIGHT = "right"
    MISSED = "missed"
    """There was more danger than the line had read."""
    FALSE_ALARM = "false_alarm"


class ProtocolEventKind(StrEnum):
    """What happens in a protocol session; the rows of one session in order are its whole story."""

    SHOWN = "shown"
    ANSWERED = "answered"
    RED_FLAG_RAISED = "red_flag_raised"
    RETRIAGED = "retriaged"
    OVERRIDDEN = "overridden"
    ENDED = "ended"


class DeterminantSource(StrEnum):
    """What a determinant stands by."""

    RULES = "rules"
    RED_FLAG = "red_flag"
    RETRIAGE = "retriage"
    OVERRIDE = "override"


class CaseGrade(StrEnum):
    """How far a protocol session kept to its protocol; `not_scored` where no check applied."""

    MEETS = "meets"
    PARTLY = "partly"
    NON_COMPLIANT = "non_compliant"
    NOT_SCORED = "not_scored"


class SampleReason(StrEnum):
    """Why a case is read by a person."""

    RANDOM = "random"
    UNDER_TRIAGE = "under_triage"
    SECOND_READER = "second_reader"


class Reading(StrEnum):
    """Which reading of a case a review is; `agreed` is what both readers came to together."""

    FIRST = "first"
    SECOND = "second"
    AGREED = "agreed"


class ReviewGrade(StrEnum):
    """What a person makes of a whole case."""

    MEETS = "meets"
    PARTLY = "partly"
    NON_COMPLIANT = "non_compliant"


class Triage(StrEnum):
    """Whether a case was held for as urgent as it was, in a person's judgement."""

    RIGHT = "right"
    UNDER = "under"
    OVER = "over"


class DisputeAbout(StrEnum):
    """What the person concerned does not agree with."""

    SCORE = "score"
    REVIEW = "review"


class DisputeDecision(StrEnum):
    """What came of a dispute: it stands as it was, or is set aside and counts in no trend."""

    STANDS = "stands"
    SET_ASIDE = "set_aside"


class TransferState(StrEnum):
    """States of one attempt of a warm transfer (settled questions, 4)."""

    REQUESTED = "requested"
    DIALLING = "dialling"
    RINGING = "ringing"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    ENDED = "ended"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    DECLINED = "declined"
    CALLER_GONE = "caller_gone"


class DestinationKind(StrEnum):
    """What kind of house an entry of the directory is."""

    CRISIS = "crisis"
    LIFELINE_988 = "988"
    COMMUNITY_SAFETY = "cshw"
    INTERPRETER = "interpreter"
    """Stays in the call beside the call-taker, and goes; never has the caller."""
    UTILITY = "utility"
    LINE_311 = "311"
    DEPARTMENT = "department"


class ReferralState(StrEnum):
    """States of somebody of the directory whom a call-taker calls into the call."""

    REQUESTED = "requested"
    DIALLING = "dialling"
    RINGING = "ringing"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    ENDED = "ended"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AcceptedBy(StrEnum):
    """Who said that 911 has the caller."""

    CALL_TAKER = "call_taker"
    ACKNOWLEDGEMENT = "acknowledgement"
    UNATTENDED = "unattended"


class LegKind(StrEnum):
    """Whose telephone a leg is."""

    CALLER = "caller"
    CALL_TAKER = "call_taker"
    PSAP = "psap"
    DESK_TELEPHONE = "desk_telephone"
    REFERRAL = "referral"
    """Somebody of the directory whom a call-taker has called into the call."""


class LegState(StrEnum):
    """A leg's life; ranks grow, a later state is never undone by a late callback."""

    DIALLING = "dialling"
    RINGING = "ringing"
    ANSWERED = "answered"
    IN_ROOM = "in_room"
    LEFT = "left"
    FAILED = "failed"


class PriorityClass(StrEnum):
    """Classes of the waiting line, most urgent first."""

    EMERGENCY = "emergency"
    POSSIBLE = "possible"
    FROM_911 = "from_911"
    RETURNING = "returning"
    PRIORITY = "priority"
    ORDINARY = "ordinary"


class LineState(StrEnum):
    """A place in the line. `taken`, `abandoned` and `moved` are terminal."""

    WAITING = "waiting"
    RESERVED = "reserved"
    TAKEN = "taken"
    ABANDONED = "abandoned"
    MOVED = "moved"


class OfferState(StrEnum):
    """One call offered to one call-taker."""

    OPEN = "open"
    ACCEPTED = "accepted"
    JOINED = "joined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class PresenceState(StrEnum):
    """What a call-taker is doing."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"


class HoldReason(StrEnum):
    """Why a caller is asked to wait for a moment; each has a spoken sentence."""

    LOOKING_UP = "looking_up"
    CALLING_DEPARTMENT = "calling_department"
    ASKING_COLLEAGUE = "asking_colleague"
    WRITING_DOWN = "writing_down"


class DeskDevice(StrEnum):
    """What a call-taker speaks with."""

    SOFTPHONE = "softphone"
    DESK_TELEPHONE = "desk_telephone"


class SwitchState(StrEnum):
    """A call-taker's way from one device to another; only `asked` and `coming` may still change."""

    ASKED = "asked"
    COMING = "coming"
    """They pressed 1, or the browser connected: their leg is on its way into the room."""
    TAKEN = "taken"
    UNANSWERED = "unanswered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """Roles of staff (trust: RBAC table)."""

    CALL_TAKER = "call_taker"
    SENIOR = "senior"
    SUPERVISOR = "supervisor"
    MENU_ADMIN = "menu_admin"
    SYSTEM_ADMIN = "system_admin"
    AUDITOR = "auditor"


class PublicationKind(StrEnum):
    """What a city publishes."""

    MENU = "menu"
    HOURS = "hours"
    DESTINATIONS = "destinations"
    CATEGORIES = "categories"
    PROTOCOL = "protocol"
    ANNOUNCEMENT = "announcement"
    AGENCIES = "agencies"
    PHRASES = "phrases"


class PublicationState(StrEnum):
    """A version's life; only one version of a key is live.

    `scheduled` is approved and waits for its time; `withheld` was kept back by the gate at that
    time; `trial` is a snapshot of a draft that only calls to the trial number hear.
    """

    SCHEDULED = "scheduled"
    LIVE = "live"
    SUPERSEDED = "superseded"
    WITHHELD = "withheld"
    TRIAL = "trial"


class DraftState(StrEnum):
    """A draft's life: written on, or waiting unchanged for a second person."""

    EDITING = "editing"
    PROPOSED = "proposed"


class HistoryEvent(StrEnum):
    """What happens to a document that the city publishes."""

    BEGUN = "begun"
    DISCARDED = "discarded"
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    PUBLISHED = "published"
    ROLLED_BACK = "rolled_back"
    WITHHELD = "withheld"
    TAKEN_AWAY = "taken_away"
    TRIED = "tried"
    SWITCHED_ON = "switched_on"
    SWITCHED_OFF = "switched_off"


class RequestState(StrEnum):
    """A service request's life (Open311 status open / closed with our middle step)."""

    OPEN = "open"
    FORWARDED = "forwarded"
    CLOSED = "closed"


class OutboxState(StrEnum):
    """An effect outside the database, written with the change that asks for it."""

    PENDING = "pending"
    SENT = "sent"
    GAVE_UP = "gave_up"


class DeadlineKind(StrEnum):
    """Moments at which the line itself must act, whoever else is gone."""

    OFFER_ENDS = "offer_ends"
    JOIN_ENDS = "join_ends"
    CALLER_ALONE = "caller_alone"
    HOLD_ENDS = "hold_ends"
    POSSIBLE_UNTAKEN = "possible_untaken"
    PSAP_RINGS_OUT = "psap_rings_out"
    PSAP_UNATTENDED = "psap_unattended"
    EMPTY_CHAIR = "empty_chair"
    LONGEST_WAIT = "longest_wait"
    RETRY_REDIRECT = "retry_redirect"
    REFERRAL_RINGS_OUT = "referral_rings_out"
    CALL_BACK_DUE = "call_back_due"
    """A wish enters the line, or is put off until the line opens."""
    CALL_BACK_RINGS = "call_back_rings"
    """A resident is rung, or has been rung long enough."""


class Disposition(StrEnum):
    """Outcome of a contact for the comparable record (common disposition code beside it)."""

    REPORT_TAKEN = "report_taken"
    SETTLED_BY_PHONE = "settled_by_phone"
    INFORMATION = "information"
    REFERRED = "referred"
    TRANSFERRED_TO_911 = "transferred_to_911"
    DUPLICATE = "duplicate"
    CALLER_GONE = "caller_gone"
    CANCELLED = "cancelled"


DISPOSITION_CODES: dict[Disposition, str] = {
    Disposition.REPORT_TAKEN: "01",
    Disposition.SETTLED_BY_PHONE: "05",
    Disposition.INFORMATION: "13",
    Disposition.REFERRED: "15",
    Disposition.TRANSFERRED_TO_911: "15",
    Disposition.DUPLICATE: "22",
    Disposition.CALLER_GONE: "02",
    Disposition.CANCELLED: "10",
}
"""Common disposition codes (APCO ANS 1.111.2-2018, as listed by NENA-STA-021.1b)."""


class HandoffDirection(StrEnum):
    """Which way a contact was handed."""

    OUT = "out"
    IN = "in"


class HandoffTarget(StrEnum):
    """What kind of house it was handed to, or came from."""

    PSAP = "911"
    LINE_311 = "311"
    LIFELINE_988 = "988"
    CRISIS = "crisis"
    COMMUNITY_SAFETY = "cshw"
    UTILITY = "utility"
    DEPARTMENT = "department"


class HandoffFact(StrEnum):
    """What the ledger keeps of a handoff beside the telephone's own stamps, each as it happened."""

    ANNOUNCED = "announced"
    CLAIMED = "claimed"
    WITH_DISPATCHER = "with_dispatcher"
    ALONE = "alone"
    PACKET_SAVED = "packet_saved"
    PACKET_FAULTY = "packet_faulty"
    PACKET_SENT = "packet_sent"
    PACKET_UNSENT = "packet_unsent"
    PACKET_READ = "packet_read"
    PACKET_RECEIVED = "packet_received"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    UNACKNOWLEDGED = "unacknowledged"
    COMPLETED = "completed"
    ANSWERS_FILLED = "answers_filled"
    RETURNED = "returned"


class HandoffOutcome(StrEnum):
    """What became of a handoff, in the receiver's word or in the telephone's."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    RETURNED = "returned"
    NO_ANSWER = "no_answer"
    CALLER_LOST = "caller_lost"
