"""What a turn of the menu or of the line may ask for, as plain values.

`ivr.twiml` renders them; nothing here knows TwiML, HTTP or who is calling.
The last action of a turn is a `Listen`, a `Handover` or an `Ending`; a turn has exactly one.
"""

from dataclasses import dataclass

from models.states import EscalationCause, Language, PriorityClass


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text` in `language`; locale and voice are the city pack's."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Play:
    """Play the recording at `url`."""

    url: str


@dataclass(frozen=True, slots=True)
class PlayRecording:
    """Play an uploaded sound by its id; `text` is its transcript, spoken where it cannot play."""

    recording: str
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Pause:
    """Be silent for `seconds`."""

    seconds: float


Spoken = Say | Play | PlayRecording | Pause


@dataclass(frozen=True, slots=True)
class Listen:
    """Speak the prompt and hear keys, speech, or both.

    `language` is the recogniser's. `num_digits` None means several digits ended by #.
    Silence of `timeout_seconds` after the prompt is an answer too: it must come back as a turn.
    """

    prompt: tuple[Spoken, ...]
    keys: bool
    speech: bool
    language: Language
    timeout_seconds: float
    num_digits: int | None = 1
    hints: tuple[str, ...] = ()
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class JoinLine:
    """Put the caller into the waiting line.

    `dial_when_untaken`: doubt about danger was not resolved; when nobody takes the call in 20 s,
    911 is dialled too (settled for *possible* without a clear answer).
    """

    priority: PriorityClass
    skill: str
    sentence: tuple[Spoken, ...]
    dial_when_untaken: bool = False


@dataclass(frozen=True, slots=True)
class Escalate:
    """Dial 911 into the call's room at once, speaking `sentence` meanwhile."""

    cause: EscalationCause
    sentence: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class RingHumanLine:
    """Ring the staffed number outside this system."""

    sentence: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Say goodbye and end the call: only ever what the caller chose."""

    sentence: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class TransferTo:
    """Connect with an entry of the directory, by its key.

    Not an ending: when nobody answers there, the caller comes back as `event="transfer_failed"`.
    """

    entry: str
    sentence: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class TakeVoicemail:
    """Record a message of at most `longest_seconds` after `sentence`; any key ends it.

    Not an ending: it comes back as `event="recorded"`, with the key that ended it in `digits`.
    """

    sentence: tuple[Spoken, ...]
    longest_seconds: int


@dataclass(frozen=True, slots=True)
class GoOn:
    """Go to the next step without hearing anything (a redirect)."""


Ending = JoinLine | Escalate | RingHumanLine | Goodbye
Handover = TransferTo | TakeVoicemail
Action = Spoken | Listen | Handover | Ending | GoOn


@dataclass(frozen=True, slots=True)
class TextMe:
    """Send the text message of an information node to the caller's own number."""

    node: str
    language: Language


@dataclass(frozen=True, slots=True)
class CallMeBack:
    """Put the caller's own number on the list of calls to be returned."""

    node: str


@dataclass(frozen=True, slots=True)
class TextLink:
    """Text a link to the caller's own number by which their telephone tells once where it is."""


@dataclass(frozen=True, slots=True)
class TakePlace:
    """The menu has taken over the place that came by the link: it is kept with what was said."""


Effect = TextMe | CallMeBack | TextLink | TakePlace
"""What a turn sets going beside its last action, after it was written."""
