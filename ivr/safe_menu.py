"""The menu when nothing else is to be had: no database, no published menu, no memory of the call.

Pure and small on purpose. 9, 911 and words of danger still reach 911; everything else, silence
included, reaches the staffed line. It speaks every language, because which one is the caller's
may be what was lost. The stage travels in the address, since nothing is stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ivr.rules.actions import Action, Escalate, Listen, RingHumanLine, Say
from ivr.rules.emergency_reading import EmergencyReading, higher
from ivr.rules.menu import CLEAR_CONFIDENCE, CallerInput, Pending, asks_911, number_asks_911
from ivr.rules.spoken_words import is_no, is_yes, starts_with_yes
from models.states import EmergencyLevel, EscalationCause, Language

OFFER_TIMEOUT_SECONDS = 3.0
CONFIRM_TIMEOUT_SECONDS = 3.0


class Stage(StrEnum):
    """What the caller was asked when the fault came, or by this menu."""

    NOTHING = "nothing"
    """An ordinary prompt: the trouble is not yet told."""
    OFFERED = "offered"
    """This menu's own offer."""
    CONFIRM = "escalation_confirm"
    DANGER = "danger_question"


STAGE_OF = {Pending.ESCALATION_CONFIRM: Stage.CONFIRM, Pending.DANGER_QUESTION: Stage.DANGER}
"""The stage to go on from when the database is lost while a question about danger is out."""


SHORTEST_NUMBER = 4
"""Keys from here on are a number that was asked for, or its beginning, not a 9 with others after it."""
WHOLE_NUMBER = 8
"""Digits of a request's number (`models.request_number`): those may begin with 911."""


def may_mean_911(keys: str) -> bool:
    """Say whether keys mean 911 where it is not known what they answer.

    A request's number may begin with 9 or hold 911, and comes as many keys at once; few keys are
    read as everywhere, 9 first, and doubt is on the side of 911.
    """
    if len(keys) < SHORTEST_NUMBER:
        return asks_911(keys)
    return number_asks_911(keys) or (len(keys) < WHOLE_NUMBER and keys.startswith("911"))


@dataclass(frozen=True, slots=True)
class SafeTurn:
    """What is said now; `stage` is where the answer to a `Listen` comes back."""

    action: Action
    stage: Stage


@dataclass(frozen=True, slots=True)
class SafeMenu:
    """The city's words and its reader of danger, as plain callables."""

    say: Callable[[str, Language], str]
    languages: Sequence[Language]
    read_emergency: Callable[[str, Language], EmergencyReading]

    def answer(self, stage: Stage, heard: CallerInput) -> SafeTurn:
        """Answer any input at any stage. Total; without memory of what was said before."""
        keys, speech = heard.digits or "", (heard.speech or "").strip()
        if may_mean_911(keys):
            return self._escalate(EscalationCause.KEY)
        level = self._danger(speech)
        match stage:
            case Stage.CONFIRM:
                clear = heard.confidence is None or heard.confidence >= CLEAR_CONFIDENCE
                said_no = is_no(speech) and clear and level is EmergencyLevel.NONE
                if said_no or keys == "*":
                    return self._human_line()
                return self._escalate(EscalationCause.WORDS)
            case Stage.DANGER:
                said_yes = keys.startswith("1") or is_yes(speech) or starts_with_yes(speech)
                if said_yes or level is EmergencyLevel.EMERGENCY:
                    return self._escalate(EscalationCause.POSSIBLE_CONFIRMED)
                return self._human_line()
        if level is EmergencyLevel.EMERGENCY:
            return self._ask("escalation_confirm", CONFIRM_TIMEOUT_SECONDS, Stage.CONFIRM)
        if level is EmergencyLevel.POSSIBLE:
            return self._ask("danger_question", CONFIRM_TIMEOUT_SECONDS, Stage.DANGER)
        if stage is Stage.NOTHING:
            return self._ask("line_emergency_window", OFFER_TIMEOUT_SECONDS, Stage.OFFERED)
        return self._human_line()

    def hears_danger(self, heard: CallerInput) -> bool:
        """Say whether an input asks for 911 or speaks of danger in any language."""
        spoken = self._danger((heard.speech or "").strip())
        return may_mean_911(heard.digits or "") or spoken is not EmergencyLevel.NONE

    def _danger(self, speech: str) -> EmergencyLevel:
        """The highest reading in any language: which one the caller speaks is not known."""
        reading = EmergencyReading()
        for language in self.languages if speech else ():
            reading = higher(reading, self.read_emergency(speech, language))
        return reading.level

    def _ask(self, key: str, timeout_seconds: float, stage: Stage) -> SafeTurn:
        listen = Listen(
            self._everywhere(key),
            keys=True,
            speech=True,
            language=self.languages[0],
            timeout_seconds=timeout_seconds,
        )
        return SafeTurn(listen, stage)

    def _escalate(self, cause: EscalationCause) -> SafeTurn:
        return SafeTurn(Escalate(cause, self._everywhere("connecting_911")), Stage.OFFERED)

    def _human_line(self) -> SafeTurn:
        sentence = self._everywhere("technical_trouble_human_line")
        return SafeTurn(RingHumanLine(sentence), Stage.OFFERED)

    def _everywhere(self, key: str) -> tuple[Say, ...]:
        return tuple(Say(self.say(key, language), language) for language in self.languages)
