"""Runs TwiML for one leg: asks for a document, does its verbs in order, goes where they lead.

What each greater verb does stands in its own module; who may end or redirect a leg is
`simulator.calls`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from simulator import dialling, enqueueing, recording
from simulator.errors import TwimlError
from simulator.gathering import Gathering
from simulator.legs import Leg
from simulator.parameters import call_parameters
from simulator.speaking import Rates, Speaker
from simulator.steps import Ending, GoTo, HangUp, Inline, LeaveLine, Scene, Step
from simulator.twiml import Document, Verb, only

if TYPE_CHECKING:
    from simulator.exchange import Exchange

BAD_URL = 11100


class Player:
    """The player of one leg; made anew for every redirect."""

    def __init__(self, exchange: "Exchange", leg: Leg) -> None:
        self.exchange = exchange
        self.leg = leg
        self.rates: Rates = exchange.rates
        self.speaker: Speaker = exchange.speaker

    async def run(self, first: GoTo | Inline) -> None:
        """Play from the first document to the call's end."""
        try:
            ending = await self._with_fallback(first)
        except TwimlError:
            self.exchange.calls.answer(self.leg)
            await self.speaker.apologise(self.leg)
            ending = None
        rejected = ending.rejected if isinstance(ending, HangUp) else None
        await self.exchange.calls.finish(self.leg, rejected)

    async def through(self, first: GoTo, scene: Scene) -> Ending:
        """Play a chain of documents in one scene, without fallback; None when the last ran out."""
        step: GoTo = first
        while True:
            document = await self._fetch(step, scene)
            if scene.allowed is not None:
                only(document, scene.allowed, scene.refusal)
            base = Scene(step.url, scene.extra, scene.allowed, scene.refusal)
            outcome = await self.play(document, base)
            if not isinstance(outcome, GoTo):
                return outcome
            step = outcome

    async def play(self, document: Document, scene: Scene) -> Step | None:
        """Do the verbs in order until one leads away; None at the end."""
        for verb in document.verbs:
            outcome = await self._do(verb, scene)
            if outcome is not None:
                return outcome
        return None

    async def _with_fallback(self, first: GoTo | Inline) -> Ending:
        step: GoTo | Inline = first
        while True:
            try:
                outcome = await self._one(step)
            except TwimlError as error:
                step = self._fallback(step, error)
                continue
            if not isinstance(outcome, GoTo):
                return outcome
            # What a fallback document leads to is no fallback any more.
            step = outcome

    async def _one(self, step: GoTo | Inline) -> Step | None:
        if isinstance(step, Inline):
            document, scene = step.document, Scene(None)
        else:
            document, scene = await self._fetch(step, Scene(step.url)), Scene(step.url)
        return await self.play(await self._pick_up(document), scene)

    async def _pick_up(self, document: Document) -> Document:
        """Answer when the first document begins; a leading Pause is waited out before, a Reject is not answered.

        Returns what is left to play.
        """
        first = next(document.names(), None)
        if first == "Pause" and not self.leg.is_live:
            await self.speaker.speak(self.leg, document.verbs[0])
            document = Document(document.verbs[1:])
        if first != "Reject":
            self.exchange.calls.answer(self.leg)
        return document

    def _fallback(self, failed: GoTo | Inline, error: TwimlError) -> GoTo:
        urls = self.leg.urls
        if (
            urls is None
            or not urls.voice_fallback_url
            or (isinstance(failed, GoTo) and failed.is_fallback)
        ):
            raise error
        url = failed.url if isinstance(failed, GoTo) else ""
        params = dict(failed.params) if isinstance(failed, GoTo) else {}
        told = {"ErrorCode": str(error.code), "ErrorUrl": url}
        return GoTo(urls.voice_fallback_url, params=params | told, is_fallback=True)

    async def _fetch(self, step: GoTo, scene: Scene) -> Document:
        params = dict(scene.extra()) | dict(step.params)
        return await self.exchange.documents.ask(self.leg, step.url, params, step.method)

    async def _do(self, verb: Verb, scene: Scene) -> Step | None:
        match verb.name:
            case "Say" | "Play" | "Pause":
                await self.speaker.speak(self.leg, verb)
            case "Gather":
                return await self._gather(verb, scene)
            case "Redirect":
                return GoTo(self.address(verb.text, scene), verb.method())
            case "Hangup":
                return HangUp()
            case "Reject":
                return HangUp(verb.get("reason", "rejected"))
            case "Leave":
                return LeaveLine()
            case _:
                return await self._do_greater(verb, scene)
        return None

    async def _do_greater(self, verb: Verb, scene: Scene) -> Step | None:
        match verb.name:
            case "Enqueue":
                return await enqueueing.enqueue(self, verb, scene)
            case "Dial":
                return await dialling.dial(self, verb, scene)
            case _:
                return await recording.record(self, verb, scene)

    async def _gather(self, verb: Verb, scene: Scene) -> GoTo | None:
        gathering = Gathering(verb, self.rates, self._partial(verb, scene))
        self.leg.ear = gathering
        try:
            given = await gathering.listen(self._prompt(verb))
        finally:
            self.leg.ear = None
        if given is None and verb.flag("actionOnEmptyResult", default=False):
            given = gathering.empty_result()
        return None if given is None else self.action(verb, scene, given)

    async def _prompt(self, verb: Verb) -> None:
        for part in verb.children:
            await self.speaker.speak(self.leg, part)

    def _partial(self, verb: Verb, scene: Scene) -> "_Partial":
        url = verb.get("partialResultCallback", "")
        method = verb.method("partialResultCallbackMethod")
        return _Partial(self, self.address(url, scene) if url else None, method)

    def action(self, verb: Verb, scene: Scene, params: Mapping[str, str]) -> GoTo:
        """Where a verb's result goes: its action, or the document's own address."""
        url = verb.get("action", "")
        if not url and scene.base is None:
            raise TwimlError(BAD_URL, f"{verb.name} in an inline document needs an absolute action")
        return GoTo(self.address(url or scene.base or "", scene), verb.method(), params)

    def address(self, url: str, scene: Scene) -> str:
        """A URL as the document means it; raises TwimlError(11100) when an inline one is relative."""
        if scene.base is None and urlsplit(url).scheme not in ("http", "https"):
            raise TwimlError(BAD_URL, f"{url!r} in an inline document is not absolute")
        return urljoin(scene.base or "", url)


class _Partial:
    """Sends what has been understood so far; the answers are not heeded."""

    def __init__(self, player: Player, url: str | None, method: str) -> None:
        self._player = player
        self._url = url
        self._method = method

    def __call__(self, words: str, number: int) -> None:
        if self._url is not None:
            leg = self._player.leg
            told = {
                "UnstableSpeechResult": words,
                "Stability": "0.5",
                "SequenceNumber": str(number),
            }
            params = call_parameters(leg) | told
            self._player.exchange.report(leg, "partial-result", self._url, params, self._method)
