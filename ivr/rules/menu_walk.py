"""One walk through the graph within a turn: what is spoken, where it ends, what is noted.

A walk lives for one turn and is thrown away; its `turn` is the only thing that leaves.
Knows how nodes are entered; what an input means stands in `ivr.rules.menu`.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from ivr.rules import actions
from ivr.rules.actions import Action, Listen, Say
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    BranchNode,
    ChooseNode,
    ConfirmNode,
    EmergencyNode,
    Ending,
    GoodbyeNode,
    Graph,
    HumanLineNode,
    InformationNode,
    LanguageNode,
    LineNode,
    Node,
    Prompt,
    SayNode,
    Text,
)
from ivr.rules.menu_state import JournalNote, MenuState, Pending, Readers, Turn
from models.states import EscalationCause, PriorityClass

STEP_LIMIT = 64
"""Nodes entered within one turn; beyond it the graph spins and a person takes the call."""
READBACK_LIMIT = 2
PATH_LIMIT = 16
DANGER_TIMEOUT_SECONDS = 3.0
DANGER_QUESTION_TIMEOUT_SECONDS = 5.0


class Walk:
    """The builder of one turn."""

    def __init__(self, graph: Graph, state: MenuState, now: datetime, readers: Readers) -> None:
        self.graph = graph
        self.state = state
        self.now = now
        self.readers = readers
        self._notes: list[JournalNote] = []
        self._spoken: list[Say] = []

    # What a turn may end with.

    def turn(self, action: Action) -> Turn:
        """Close the walk with its last action."""
        return Turn(self.state, (action,), tuple(self._notes))

    def note(self, kind: str, words: str | None = None, **data: Any) -> None:
        """Add a line for the journal; `words` are the caller's own."""
        self._notes.append(JournalNote(kind, data, words))

    def update(self, **changes: Any) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **changes)

    def speak(self, text: Text) -> None:
        """Add a sentence before whatever comes next."""
        self._spoken.extend(self.say(text))

    def say(self, text: Text, place: str | None = None) -> tuple[Say, ...]:
        """Words in the caller's language, in every language until one is chosen."""
        chosen = (self.state.language,) if self.state.language_chosen else self.graph.languages
        spoken = ((text[language], language) for language in chosen)
        return tuple(
            Say(words if place is None else words.replace("{place}", place), language)
            for words, language in spoken
            if words
        )

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
        sentence = self._closing(text or self.graph.sentences.to_a_person)
        return self.turn(actions.JoinLine(priority, skill, sentence, dial_when_untaken))

    def escalate(self, cause: EscalationCause, text: Text | None = None) -> Turn:
        """End at 911, saying nothing but the connecting sentence."""
        self.update(ended="escalated", pending=Pending.NONE)
        self.note("escalation_asked", cause=cause.value)
        sentence = self.say(text or self.graph.sentences.connecting_911)
        return self.turn(actions.Escalate(cause, sentence))

    def ask_about_danger(self, pending: Pending) -> Turn:
        """Put a question about danger before everything else."""
        sentences = self.graph.sentences
        self.update(pending=pending)
        if pending is Pending.ESCALATION_CONFIRM:
            return self._listen(self.say(sentences.escalation_confirm), DANGER_TIMEOUT_SECONDS)
        return self._listen(self.say(sentences.danger_question), DANGER_QUESTION_TIMEOUT_SECONDS)

    # Walking.

    def enter(self, node_id: str) -> Turn:
        """Go to a node and on through those that nobody hears, to a prompt or an ending."""
        for _ in range(STEP_LIMIT):
            node = self.graph.nodes.get(node_id)
            if node is None:
                return self.person("node unknown")
            if isinstance(node, Ending):
                return self._end(node_id, node)
            follower = self._follower(node)
            if follower is None:
                return self.ask(node_id, node)
            node_id = follower
        return self.person("the menu went in a circle")

    def reprompt(self, node: Node, misses: int) -> Turn:
        """Ask again in other words after a miss; `misses` is 1 or 2."""
        if isinstance(node, LanguageNode):
            return self._listen(self._everywhere(node.reprompts[misses - 1]), node.timeout_seconds)
        prompt = _prompt(node)
        if prompt is None:
            return self.enter(self.state.node)
        spoken = self.say(prompt.reprompts[misses - 1], self._place(node))
        return self._listen(spoken, prompt.timeout_seconds, prompt.hints)

    def _follower(self, node: Node) -> str | None:
        """The next node when this one asks nothing, else None."""
        match node:
            case SayNode():
                self.speak(node.text)
                return node.next
            case BranchNode():
                return node.cases.get(self._branch_value(node.by), node.otherwise)
            case AskLocationNode() if self.state.place is not None:
                return node.next
            case ConfirmNode() if self.state.place is None:
                return node.change
            case ConfirmNode() if self.state.readbacks >= READBACK_LIMIT:
                return node.give_up
            case _:
                return None

    def _branch_value(self, by: str) -> str:
        match by:
            case "language":
                return self.state.language.value
            case "intent":
                return self.state.intent.intent
            case "jurisdiction":
                return self.state.place.jurisdiction if self.state.place else ""
            case "hours":
                return "open" if self.readers.is_open(self.now) else "closed"
            case _:
                return ""

    def ask(self, node_id: str, node: Node) -> Turn:
        """Speak a prompt for the first time and listen."""
        path = self.state.path
        if not path or path[-1] != node_id:
            path = (*path, node_id)[-PATH_LIMIT:]
        readbacks = self.state.readbacks + isinstance(node, ConfirmNode)
        self.update(node=node_id, asked=True, misses=0, path=path, readbacks=readbacks)
        if isinstance(node, LanguageNode):
            return self._listen(self._greeting(node), node.timeout_seconds, self._names(node))
        if isinstance(node, InformationNode):
            self.speak(node.text)
        prompt = _prompt(node)
        if prompt is None:
            return self.person("node asks nothing")
        spoken = self.say(prompt.text, self._place(node))
        return self._listen(spoken, prompt.timeout_seconds, prompt.hints)

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
                self.update(ended="goodbye")
                self.note("goodbye_chosen", node=node_id)
                return self.turn(actions.Goodbye(self._closing(node.text)))

    def _closing(self, text: Text) -> tuple[Say, ...]:
        return (*self._spoken, *self.say(text))

    def _listen(
        self, prompt: tuple[Say, ...], timeout_seconds: float, hints: tuple[str, ...] = ()
    ) -> Turn:
        spoken = (*self._spoken, *prompt)
        language = self.state.language
        return self.turn(
            Listen(spoken, True, True, language, timeout_seconds, num_digits=1, hints=hints)
        )

    def _greeting(self, node: LanguageNode) -> tuple[Say, ...]:
        greeting = tuple(Say(words, language) for language, words in node.greeting)
        offers = tuple(Say(option.text, option.language) for option in node.options)
        return greeting + offers

    def _names(self, node: LanguageNode) -> tuple[str, ...]:
        return tuple(word for option in node.options for word in option.words)

    def _everywhere(self, text: Text) -> tuple[Say, ...]:
        return tuple(Say(text[language], language) for language in self.graph.languages)

    def _place(self, node: Node) -> str | None:
        if not isinstance(node, ConfirmNode) or self.state.place is None:
            return None
        place = self.state.place
        return place.said.get(self.state.language.value) or place.spoken.text


def _prompt(node: Node) -> Prompt | None:
    """The prompt of a node that asks; None for a node that does not."""
    if isinstance(
        node, ChooseNode | AskIntentNode | AskLocationNode | ConfirmNode | InformationNode
    ):
        return node.prompt
    return None
