"""Softphones without a browser, for scripts: they register, connect and drop as a real one does.

A real softphone's other side is `simulator.signalling`; to the exchange both are the same.
"""

from simulator.errors import NoSuchThingError
from simulator.legs import Heard, Leg
from simulator.ports import SoftphoneExchange
from simulator.tokens import VoiceGrant


class HeadlessSoftphone:
    """A softphone whose person is a script."""

    def __init__(self, grant: VoiceGrant) -> None:
        self._grant = grant
        self.messages: list[tuple[str, str]] = []

    @property
    def grant(self) -> VoiceGrant:
        """The verified token."""
        return self._grant

    def ring(self, leg: Leg) -> None:
        """The script sees the ringing leg in the journal and answers it by its SID."""

    def answered(self, leg: Leg) -> None:
        """Nothing to do: the journal tells it."""

    def hangup(self, leg: Leg) -> None:
        """Nothing to do: the journal tells it."""

    def heard(self, leg: Leg, heard: Heard) -> None:
        """Nothing to do: the journal tells it."""

    def message(self, leg: Leg, content: str) -> None:
        """Keep it with the leg's SID, in the order of its coming."""
        self.messages.append((leg.sid, content))


class HeadlessSoftphones:
    """All of them by identity."""

    def __init__(self, exchange: SoftphoneExchange) -> None:
        self._exchange = exchange
        self._softphones: dict[str, HeadlessSoftphone] = {}

    def register(self, token: str) -> HeadlessSoftphone:
        """Verify the token and register; a second registration of an identity renews the first.

        Raises:
            TokenError: The token is not good.
        """
        grant = self._exchange.verify_softphone(token)
        softphone = HeadlessSoftphone(grant)
        self._softphones[grant.identity] = softphone
        self._exchange.register_softphone(softphone)
        return softphone

    def find(self, identity: str) -> HeadlessSoftphone:
        """Who registered under that identity; raises NoSuchThingError."""
        softphone = self._softphones.get(identity)
        if softphone is None:
            raise NoSuchThingError(f"no softphone {identity!r} is registered")
        return softphone

    def drop(self, identity: str) -> None:
        """Its browser is gone, and all its legs with it."""
        self._exchange.unregister_softphone(self.find(identity))
        del self._softphones[identity]
