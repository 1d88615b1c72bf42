"""One walk through the graph within a turn: what is spoken, where it ends, what is noted.

A walk lives for one turn and is thrown away; its `turn` is the only thing that leaves.
Knows how nodes are entered; what an input means stands in `ivr.rules.menu`.
"""

from datetime import datetime
from typing import Any

from ivr.rules import actions
from ivr.rules.actions import Action, Effect, Listen, PlayRecording, Say, Spoken
from ivr.rules.menu_branches import branch_value
from ivr.rules.menu_nodes import (
    AskLocationNode,
    BranchNode,
    CallBackNode,
    ConfirmNode,
    EmergencyNode,
    Ending,
    GoodbyeNode,
    Graph,
    Handover,
    HumanLineNode,
    InformationNode,
    LanguageNode,
    LineNode,
    Listening,
    LocationLinkNode,
    Node,
    PassNode,
    Prompting,
    SayNode,
    StatusNode,
    Text,
    TransferNode,
    VoicemailNode,
    Words,
)
from ivr.rules.menu_state import (
    JournalNote,
    Link,
    MenuState,
    Pending,
    Readers,
    RequestStatus,
    Turn,
    copied,
)
from ivr.rules.menu_variables import Known, filled
from models.states import EscalationCause, Language, PriorityClass

STEP_LIMIT = 64
"""Nodes entered within one turn; beyond it the graph spins and a person takes the call."""
READBACK_LIMIT = 2
PATH_LIMIT = 16
DANGER_TIMEOUT_SECONDS = 3.0
DANGER_QUESTION_TIMEOUT_SECONDS = 5.0
DIGITS_TIMEOUT_SECONDS = 3.0
"""Silence that ends several digits: a 9 alone must still dial within 5 s."""
_put = object.__setattr__


class Walk:
    """The builder of one turn."""

    def __init__(self, graph: Graph, state: MenuState, now: datetime, readers: Readers) -> None:
        self.graph = graph
        self.state = copied(state)
        _put(self.state, "turns", state.turns + 1)
        self.now = now
        self.readers = readers
        self._notes: list[JournalNote] = []
        self._spoken: list[Spoken] = []
        self._effects: list[Effect] = []
        self._path: list[str] = []

    # What a turn may end with.

    def turn(self, action: Action) -> Turn:
        """Close the walk with its last action."""
        notes, effects = tuple(self._notes), tuple(self._effects)
        return Turn(self.state, (action,), notes, effects, tuple(self._path))

    def note(self, kind: str, words: str | None = None, **data: Any) -> None:
        """Add a line for the journal; `words` are the caller's own."""
        self._notes.append(JournalNote(kind, data, words))

    def update(self, **changes: Any) -> None:
        """Change fields of the state.

        The state is this walk's own copy until the turn is closed, so it is changed in place: a new
        copy for each change would be a third of a turn's time.
        """
        for name, value in changes.items():
            _put(self.state, name, value)

    def person(self, why: str) -> Turn:
        """To a person with everything that was heard: the exit that always exists."""
        doubt = self.state.emergency.rank > 0 and not self.state.taken_back
        priority = PriorityClass.POSSIBLE if doubt else PriorityClass.ORDINARY
        return self.join(priority, why, dial_when_untaken=doubt)

    def join(
        self,
        priority: PriorityClass,
        why: str,
        text: Text | None = None,
        skill: str = "general",
        *,
        dial_when_untaken: bool = False,
    ) -> Turn:
        """End in the waiting line."""
        self.update(ended="line", pending=Pending.NONE)
        self.note("line_chosen", priority=priority.value, skill=skill, why=why)
        said = self.say(text) if text is not None else ()
        sentence = (*self._spoken, *(said or self.say(self.graph.sentences.to_a_person)))
        return self.turn(actions.JoinLine(priority, skill, sentence, dial_when_untaken))

    def escalate(self, cause: EscalationCause, text: Text | None = None) -> Turn:
        """End at 911, saying nothing but the connecting sentence."""
        self.update(ended="escalated", pending=Pending.NONE)
        self.note("escalation_asked", cause=cause.value)
        sentence = self.say(text or self.graph.sentences.connecting_911)
        return self.turn(actions.Escalate(cause, sentence))

    def goodbye(self, text: Text | None, where: str) -> Turn:
        """End the call, as the caller chose."""
        self.update(ended="goodbye")
        self.note("goodbye_chosen", node=where)
        return self.turn(actions.Goodbye(self._closing(text)))

    def ask_about_danger(self, pending: Pending) -> Turn:
        """Put a question about danger before everything else."""
        sentences = self.graph.sentences
        self.update(pending=pending)
        if pending is Pending.ESCALATION_CONFIRM:
            return self._listen(self.say(sentences.escalation_confirm), DANGER_TIMEOUT_SECONDS)
        return self._listen(self.say(sentences.danger_question), DANGER_QUESTION_TIMEOUT_SECONDS)

    # What is spoken.

    def speak(self, text: Text, node: Node | None = None, **known: Any) -> None:
        """Add a sentence before whatever comes next."""
        self._spoken.extend(self.say(text, node, **known))

    def say(
        self,
        text: Text,
        node: Node | None = None,
        number: str = "",
        request: RequestStatus | None = None,
    ) -> tuple[Spoken, ...]:
        """Words in the caller's language, in every language until one is chosen."""
        chosen = (self.state.language,) if self.state.language_chosen else self.graph.languages
        spoken: list[Spoken] = []
        for language in chosen:
            words = text[language]
            if words.names and not words.recording:
                known = Known(self.state, self.readers, self.now, node, number, request)
                words = Words(filled(words, language, known))
            if words.text:
                spoken.append(_fixed(words, language))
        return tuple(spoken)

    def promise(self, what: str, effect: Effect) -> None:
        """Ask for an effect, once in a call: a second wish for the same changes nothing."""
        if what not in self.state.promised:
            self.update(promised=(*self.state.promised, what))
            self._effects.append(effect)

    # Walking.

    def enter(self, node_id: str) -> Turn:
        """Go to a node and on through those that nobody hears, to a prompt or an ending."""
        for _ in range(STEP_LIMIT):
            node = self.graph.nodes.get(node_id)
            if node is None:
                return self.person("node unknown")
            self.reach(node_id)
            follower = self._follower(node)
            if follower is None:
                return self._arrive(node_id, node)
            node_id = follower
        return self.person("the menu went in a circle")

    def reach(self, node_id: str) -> None:
        """Add a node to the way of this turn."""
        self._path.append(node_id)

    def _arrive(self, node_id: str, node: Node) -> Turn:
        if isinstance(node, Listening):
            return self.ask(node_id, node)
        if isinstance(node, Ending):
            return self._end(node_id, node)
        if isinstance(node, Handover):
            return self._hand_over(node_id, node)
        return self.person("node asks nothing")

    def _follower(self, node: Node) -> str | None:
        """The next node when this one asks nothing, else None."""
        match node:
            case SayNode():
                self.speak(node.text, node)
                return node.next
            case BranchNode():
                if node.by == "hours":
                    self.update(hours_line=node.line)
                value = branch_value(node, self.state, self.readers, self.now)
                return node.cases.get(value, node.otherwise)
            case PassNode():
                return node.next
            case AskLocationNode() if self.state.place is not None:
                return node.next
            case ConfirmNode() if not self._was_heard(node.of):
                return node.change
            case ConfirmNode() if self.state.readbacks.get(node.of, 0) >= READBACK_LIMIT:
                return node.give_up
            case CallBackNode() if not self.readers.own_number:
                return node.declined
            case LocationLinkNode():
                return self._without_link(node)
            case _:
                return None

    def _without_link(self, node: LocationLinkNode) -> str | None:
        """The next node where a link was used already, or this telephone takes none; else None."""
        if self.state.link is Link.TAKEN:
            return node.give_up
        if self.state.link is Link.NONE and not self.readers.can_link():
            self.note("link_not_possible")
            return node.declined
        return None

    def _was_heard(self, of: str) -> bool:
        if of == "place":
            return self.state.place is not None
        if of == "intent":
            return bool(self.state.intent.intent)
        return of.removeprefix("answer:") in self.state.answers

    def ask(self, node_id: str, node: Listening) -> Turn:
        """Speak a prompt for the first time and listen."""
        self._stand_at(node_id)
        if isinstance(node, LanguageNode):
            return self._listen(_greeting(node), node.timeout_seconds, _names(node))
        if isinstance(node, ConfirmNode):
            times = self.state.readbacks.get(node.of, 0) + 1
            self.update(readbacks={**self.state.readbacks, node.of: times})
        self._announce()
        if isinstance(node, InformationNode):
            self.speak(node.text, node)
        if isinstance(node, LocationLinkNode):
            self._send_link(node)
        if isinstance(node, AskLocationNode):
            self._tell_apart()
        return self.prompt(node)

    def _tell_apart(self) -> None:
        """Say of two streets, named where nobody had asked for a place, that they do not meet."""
        if self.state.unmet is not None and self.graph.sentences.not_a_corner is not None:
            self.speak(self.graph.sentences.not_a_corner)

    def _send_link(self, node: LocationLinkNode) -> None:
        """Send the link and say so; whoever comes back waits on for the one that was sent."""
        if self.state.link is Link.NONE:
            self.update(link=Link.SENT)
            self.promise("location_link", actions.TextLink())
            self.note("link_asked", node=self.state.node)
            self.speak(node.text, node)

    def prompt(self, node: Prompting) -> Turn:
        """Speak a node's prompt, without what comes before it, and listen."""
        return self._listen_at(node, node.prompt.text)

    def ask_which(self, node: Prompting, question: Text) -> Turn:
        """Ask a question of the menu's own at a node, and listen as its prompt does."""
        self.update(asked=True)
        return self._listen_at(node, question)

    def reprompt(self, node: Listening, misses: int) -> Turn:
        """Ask again in other words after a miss; `misses` is 1 or 2."""
        if isinstance(node, LanguageNode):
            return self._listen(self._everywhere(node.reprompts[misses - 1]), node.timeout_seconds)
        return self._listen_at(node, node.prompt.reprompts[misses - 1])

    def wait_on(self, node: StatusNode) -> Turn:
        """Go on listening without a word: whoever looks for a number needs a moment."""
        self.update(given_time=True)
        return self._listen((), DIGITS_TIMEOUT_SECONDS, node.prompt.hints, num_digits=None)

    def _stand_at(self, node_id: str) -> None:
        path = self.state.path
        if not path or path[-1] != node_id:
            path = (*path, node_id)[-PATH_LIMIT:]
        self.update(node=node_id, asked=True, misses=0, path=path, given_time=False)
        self.update(between=(), link_rounds=0)

    def _announce(self) -> None:
        """Once in a call, what the city announces: before the first prompt in the language."""
        if not self.state.announced:
            self.update(announced=True)
            for text in self.readers.announcements(self.now):
                self.speak(text)

    def _hand_over(self, node_id: str, node: Handover) -> Turn:
        """Hand the caller over; an event brings them back to this node."""
        match node:
            case VoicemailNode():
                misses = self.state.misses if self.state.node == node_id else 0
                self._stand_at(node_id)
                self.update(misses=misses)
                self.note("voicemail_offered", node=node_id)
                sentence = self._closing(node.text)
                return self.turn(actions.TakeVoicemail(sentence, node.longest_seconds))
            case TransferNode():
                self.update(node=node_id, asked=True, misses=0)
                self.note("transfer_chosen", node=node_id, entry=node.to)
                return self.turn(actions.TransferTo(node.to, self._closing(node.text)))

    def _end(self, node_id: str, node: Ending) -> Turn:
        self.update(node=node_id, asked=True)
        match node:
            case LineNode():
                return self.join(node.priority, f"menu: {node_id}", node.text, node.skill)
            case EmergencyNode():
                return self.escalate(EscalationCause.KEY, node.text)
            case HumanLineNode():
                self.update(ended="human_line")
                self.note("human_line_chosen", node=node_id)
                return self.turn(actions.RingHumanLine(self._closing(node.text)))
            case GoodbyeNode():
                return self.goodbye(node.text, node_id)

    def _closing(self, text: Text | None) -> tuple[Spoken, ...]:
        return (*self._spoken, *(self.say(text) if text is not None else ()))

    def _listen_at(self, node: Prompting, text: Text) -> Turn:
        spoken, prompt = self.say(text, node), node.prompt
        if isinstance(node, StatusNode):
            return self._listen(spoken, DIGITS_TIMEOUT_SECONDS, prompt.hints, num_digits=None)
        return self._listen(spoken, prompt.timeout_seconds, prompt.hints)

    def _listen(
        self,
        prompt: tuple[Spoken, ...],
        timeout_seconds: float,
        hints: tuple[str, ...] = (),
        num_digits: int | None = 1,
    ) -> Turn:
        spoken = (*self._spoken, *prompt)
        language = self.state.language
        return self.turn(Listen(spoken, True, True, language, timeout_seconds, num_digits, hints))

    def _everywhere(self, text: Text) -> tuple[Spoken, ...]:
        return tuple(_fixed(text[language], language) for language in self.graph.languages)


def _greeting(node: LanguageNode) -> tuple[Spoken, ...]:
    greeting = tuple(_fixed(words, language) for language, words in node.greeting)
    return greeting + tuple(_fixed(option.text, option.language) for option in node.options)


def _names(node: LanguageNode) -> tuple[str, ...]:
    return tuple(word for option in node.options for word in option.words)


def _fixed(words: Words, language: Language) -> Spoken:
    if words.recording:
        return PlayRecording(words.recording, words.text, language)
    return Say(words.text, language)
