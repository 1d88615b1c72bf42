"""What an answer may lead to at any prompt: back, again, a miss, or one of the node's options.

Knows nodes only by their options; what words mean at a kind of node stands in `menu_answers`.
"""

from ivr.rules.actions import CallMeBack, TextMe
from ivr.rules.folding import fold, holds
from ivr.rules.heard import Heard
from ivr.rules.menu_nodes import (
    CallBackNode,
    ConfirmNode,
    Does,
    InformationNode,
    Listening,
    Option,
    Prompting,
    Text,
)
from ivr.rules.menu_state import Turn
from ivr.rules.menu_walk import Walk

MISSES_AT_A_PROMPT = 3
MISSES_IN_A_CALL = 5


def back(walk: Walk) -> Turn:
    """Star: to the prompt before, forgetting the place; at the first prompt, say it again."""
    path = walk.state.path
    if len(path) < 2:
        return repeat(walk)
    walk.update(path=path[:-2], place=None, confirmed=False)
    walk.note("went_back", node=path[-2])
    return walk.enter(path[-2])


def repeat(walk: Walk) -> Turn:
    """Say the prompt again; a read-back said again is not a new one."""
    node = walk.graph.nodes[walk.state.node]
    if isinstance(node, ConfirmNode):
        _count_back(walk, node)
    walk.note("repeated", node=walk.state.node)
    return walk.enter(walk.state.node)


def _count_back(walk: Walk, node: ConfirmNode) -> None:
    times = walk.state.readbacks.get(node.of, 0)
    walk.update(readbacks={**walk.state.readbacks, node.of: max(0, times - 1)})


def miss(walk: Walk, why: str, instead: Text | None = None) -> Turn:
    """Silence and no-match count alike; the third at a prompt or the fifth in a call: a person.

    `instead` is asked where the re-prompt would be.
    """
    misses = count_miss(walk, why)
    if misses >= MISSES_AT_A_PROMPT or walk.state.misses_in_call >= MISSES_IN_A_CALL:
        return walk.person("misses")
    node = walk.graph.nodes[walk.state.node]
    if instead is not None and isinstance(node, Prompting):
        return walk.ask_which(node, instead)
    return (
        walk.reprompt(node, misses) if isinstance(node, Listening) else walk.enter(walk.state.node)
    )


def count_miss(walk: Walk, why: str) -> int:
    """Count a miss; returns how many there were at this prompt."""
    misses, in_call = walk.state.misses + 1, walk.state.misses_in_call + 1
    walk.update(misses=misses, misses_in_call=in_call, given_time=False)
    walk.note("missed", node=walk.state.node, why=why, misses=misses, in_call=in_call)
    return misses


def chosen(options: tuple[Option, ...], key: str, speech: str) -> Option | None:
    """The option of a key or of spoken words; None when none or two are meant."""
    if key:
        return next((option for option in options if option.key == key), None)
    said = fold(speech)
    meant = [option for option in options if any(holds(said, word) for word in option.words)]
    return meant[0] if len(meant) == 1 else None


def choose(walk: Walk, options: tuple[Option, ...], key: str, speech: str) -> Turn:
    """Take the option that was meant, or count a miss."""
    option = chosen(options, key, speech)
    return miss(walk, "no match") if option is None else take(walk, option)


def take(walk: Walk, option: Option) -> Turn:
    """Do what an option does, and go where it leads."""
    if option.intent:
        walk.update(intent=Heard(option.intent, 1.0, decided_by=("chosen by the caller",)))
        walk.note("intent_chosen", intent=option.intent)
    match option.does:
        case Does.NOTHING:
            return walk.enter(option.next)
        case Does.TEXT_ME:
            return _text_me(walk)
        case Does.CALL_BACK:
            return call_me_back(walk)
        case Does.REPEAT:
            return repeat(walk)


def _text_me(walk: Walk) -> Turn:
    """Text the answer to the number that rings, or say that it cannot be; the prompt stays."""
    node, sentences = walk.graph.nodes[walk.state.node], walk.graph.sentences
    can = walk.readers.can_text and isinstance(node, InformationNode)
    if can:
        walk.promise(f"text_me {walk.state.node}", TextMe(walk.state.node, walk.state.language))
    walk.note("text_asked", node=walk.state.node, can_text=can)
    told = sentences.text_sent if can else sentences.text_not_sent
    if told is not None:
        walk.speak(told)
    return walk.prompt(node) if isinstance(node, InformationNode) else repeat(walk)


def call_me_back(walk: Walk) -> Turn:
    """Put the caller on the list of calls to be returned."""
    node = walk.graph.nodes[walk.state.node]
    if not isinstance(node, CallBackNode):
        return repeat(walk)
    walk.promise("call_back", CallMeBack(walk.state.node))
    walk.note("call_back_chosen", node=walk.state.node)
    return walk.enter(node.done)
