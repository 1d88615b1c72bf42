"""What a softphone and the exchange ask of each other.

A browser's softphone (`simulator.signalling`) and a headless one (`simulator.headless`) both play
the `Softphone` role; the exchange plays `SoftphoneExchange`. All these calls are made on the event
loop, return at once and never raise for an ended leg (the message has crossed another one).

A leg's life at a softphone:
- *Outgoing*: `connect_softphone` makes the leg and asks the TwiML App; `answered(leg)` when the
  answer begins to run; `hangup(leg)` when it is over (at once when the App refuses).
- *Incoming*: `ring(leg)`; the softphone says `softphone_answered(leg)` or `softphone_hung_up(leg)`
  (a refusal while it rings); `answered(leg)` confirms, `hangup(leg)` comes at the end, also when
  the caller gave up or the time ran out.
- `hangup` comes exactly once for every leg, whoever ended it.
"""

from collections.abc import Mapping
from typing import Protocol

from simulator.legs import Heard, Leg
from simulator.tokens import VoiceGrant


class Softphone(Protocol):
    """A softphone as the exchange sees it. The newest registration of an identity is the one that rings."""

    @property
    def grant(self) -> VoiceGrant:
        """The verified token: identity, account, TwiML App, whether it may be rung."""

    def ring(self, leg: Leg) -> None:
        """A call comes in; `leg.from_`, `leg.to`, `leg.sid` and `leg.fields` say of whom."""

    def answered(self, leg: Leg) -> None:
        """The leg is in progress from now on."""

    def hangup(self, leg: Leg) -> None:
        """The leg is over; `leg.status` says how."""

    def heard(self, leg: Leg, heard: Heard) -> None:
        """The party of this leg hears something (speech, ring tone, a caption of another party)."""

    def message(self, leg: Leg, content: str) -> None:
        """A UserDefinedMessage for this leg, as JSON text."""


class SoftphoneExchange(Protocol):
    """The exchange as a softphone sees it."""

    def verify_softphone(self, token: str) -> VoiceGrant:
        """Verify an access token now; raises TokenError with Twilio's code (20101, 20104, 20151)."""

    def register_softphone(self, softphone: Softphone) -> None:
        """From now on this softphone is rung for its identity."""

    def unregister_softphone(self, softphone: Softphone) -> None:
        """It is gone: not rung any more, and every leg it still has ends as hung up."""

    def connect_softphone(self, softphone: Softphone, params: Mapping[str, str]) -> Leg:
        """Call the grant's TwiML App with these custom parameters; need not be registered."""

    def softphone_answered(self, leg: Leg) -> None:
        """The person accepts a ringing leg."""

    def softphone_hung_up(self, leg: Leg) -> None:
        """The person ends the leg, or refuses it while it rings."""

    def softphone_pressed(self, leg: Leg, digits: str) -> None:
        """The person presses keys."""

    def softphone_said(self, leg: Leg, text: str) -> None:
        """The person says words: a caption to the others in the room who may hear them."""
