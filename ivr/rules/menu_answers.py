"""What an input means at each kind of node, after danger and the person key were read.

Knows nothing of emergencies: `ivr.rules.menu` has read them before it asks here.
"""

from ivr.rules.folding import fold, holds
from ivr.rules.menu_between import ask_between, which
from ivr.rules.menu_confirm import amend_place, confirm, read_place
from ivr.rules.menu_handover import came_back
from ivr.rules.menu_link import heard, take_place, to_place, waited
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    AskNode,
    CallBackNode,
    ChooseNode,
    ConfirmNode,
    Handover,
    InformationNode,
    LanguageNode,
    LanguageOption,
    Listening,
    LocationLinkNode,
    PassNode,
    StatusNode,
)
from ivr.rules.menu_state import Turn
from ivr.rules.menu_steps import (
    MISSES_AT_A_PROMPT,
    MISSES_IN_A_CALL,
    back,
    call_me_back,
    choose,
    chosen,
    count_miss,
    miss,
    repeat,
    take,
)
from ivr.rules.menu_walk import Walk
from ivr.rules.numbers_spoken import spoken_digits
from ivr.rules.spoken_words import is_no, is_yes, starts_with_yes, wants_person, wants_repeat
from models.states import Language

OPENING_CONFIDENCE = 0.7
"""How sure an intent must be to choose the language by the words alone."""
LONGEST_ANSWER = 500
"""Characters of a free answer that are kept."""
SHORTEST_NUMBER = 3
"""Digits of a request's number; what is shorter was not meant as one."""


def at_node(walk: Walk, keys: str, speech: str, event: str = "") -> Turn:
    """Take an input at the node where the caller was asked."""
    node = walk.graph.nodes[walk.state.node]
    if isinstance(node, Handover):
        return came_back(walk, node, keys, event)
    if not isinstance(node, Listening) or event:
        return walk.enter(walk.state.node)
    several = isinstance(node, StatusNode)
    if keys.startswith("*") or (several and "*" in keys):
        return back(walk)
    key = keys.strip("#") if several else keys[:1].strip("#")
    if not key and not speech:
        return _silence(walk, node)
    if speech and not key and wants_repeat(speech):
        return repeat(walk)
    if speech and not key and wants_person(speech):
        return walk.person("asked for a person")
    return _by_kind(walk, node, key, speech)


def _silence(walk: Walk, node: Listening) -> Turn:
    """The first silence where a number is asked for is let pass: its listening is a short one.

    Silence between two wishes is no choice. Whoever is silent where a place is asked for may have
    sent it by the link.
    """
    if isinstance(node, AskIntentNode) and walk.state.between:
        return which(walk, node, "", "")
    if isinstance(node, StatusNode) and not walk.state.given_time:
        return walk.wait_on(node)
    if isinstance(node, LocationLinkNode):
        return waited(walk, node)
    if isinstance(node, AskLocationNode) and take_place(walk):
        return to_place(walk, node.next)
    return miss(walk, "silence")


def _by_kind(walk: Walk, node: Listening, key: str, speech: str) -> Turn:
    match node:
        case LanguageNode():
            return _language(walk, node, key, speech)
        case ChooseNode() | InformationNode():
            return choose(walk, node.options, key, speech)
        case AskIntentNode():
            return _intent(walk, node, key, speech)
        case AskLocationNode():
            return _location(walk, node, key, speech)
        case LocationLinkNode():
            return heard(walk, node, key, speech)
        case AskNode():
            return _ask(walk, node, key, speech)
        case ConfirmNode():
            return confirm(walk, node, key, speech)
        case StatusNode():
            return _status(walk, node, key, speech)
        case CallBackNode():
            return _call_back(walk, node, key, speech)


# Language.


def _language(walk: Walk, node: LanguageNode, key: str, speech: str) -> Turn:
    option = _language_option(node, key, speech)
    if option is not None:
        _set_language(walk, option.language, "chosen")
        return walk.enter(node.next)
    language = _language_of(walk, speech) if speech else None
    if language is None:
        return miss(walk, "no match")
    _set_language(walk, language, "by the words")
    return _opened(walk, node, speech)


def _opened(walk: Walk, node: LanguageNode, speech: str) -> Turn:
    """Take the words that chose the language to the node that asks what is needed."""
    name, opening = node.opening, walk.graph.nodes.get(node.opening)
    if isinstance(opening, PassNode):
        name, opening = opening.next, walk.graph.nodes.get(opening.next)
    if not isinstance(opening, AskIntentNode):
        return walk.enter(node.next)
    walk.reach(name)
    walk.update(node=name, misses=0)
    return _intent(walk, opening, "", speech)


def _language_option(node: LanguageNode, key: str, speech: str) -> LanguageOption | None:
    if key:
        return next((option for option in node.options if option.key == key), None)
    said = fold(speech)
    meant = [option for option in node.options if any(holds(said, word) for word in option.words)]
    return meant[0] if len(meant) == 1 else None


def _language_of(walk: Walk, speech: str) -> Language | None:
    """The language in which words clearly ask for something, or None."""
    heard = walk.readers.intent(speech, walk.state.language)
    known = {language.value: language for language in walk.graph.languages}
    sure = bool(heard.intent) and heard.confidence >= OPENING_CONFIDENCE
    return known.get(heard.language) if sure else None


def _set_language(walk: Walk, language: Language, how: str) -> None:
    walk.update(language=language, language_chosen=True)
    walk.note("language_chosen", language=language.value, how=how)


# What is needed.


def _intent(walk: Walk, node: AskIntentNode, key: str, speech: str) -> Turn:
    if walk.state.between:
        return which(walk, node, key, speech)
    option = chosen(node.options, key, speech) if key or len(speech.split()) == 1 else None
    if key or option is not None:
        return miss(walk, "no match") if option is None else take(walk, option)
    heard = walk.readers.intent(speech, walk.state.language)
    walk.update(intent=heard)
    walk.note(
        "intent_read",
        speech,
        intent=heard.intent,
        confidence=round(heard.confidence, 3),
        alternatives=[slug for slug, _ in heard.alternatives],
        decided_by=list(heard.decided_by),
    )
    if read_place(walk, speech) and walk.state.place is not None and walk.state.place.tribal:
        return walk.person("tribal place")
    if heard.intent:
        return walk.enter(node.next)
    return ask_between(walk, node, heard) or walk.enter(node.unclear)


# A question of the city's own.


def _ask(walk: Walk, node: AskNode, key: str, speech: str) -> Turn:
    """Keep what was said under the question's name; a key or its single word is an option."""
    option = chosen(node.options, key, speech) if key or len(speech.split()) == 1 else None
    if option is not None:
        return take(walk, option)
    if key:
        return miss(walk, "no match")
    walk.update(answers={**walk.state.answers, node.name: speech[:LONGEST_ANSWER]})
    walk.note("answer_heard", speech, name=node.name)
    return walk.enter(node.next)


# Where it is.


def _location(walk: Walk, node: AskLocationNode, key: str, speech: str) -> Turn:
    if key:
        return choose(walk, node.options, key, speech)
    unmet = walk.state.unmet
    walk.update(unmet=None)
    if read_place(walk, speech) or amend_place(walk, unmet, speech):
        return to_place(walk, node.next)
    sentence = walk.graph.sentences.not_a_corner
    if walk.state.unmet is not None and sentence is not None:
        return miss(walk, "streets apart", sentence)
    return choose(walk, node.options, key, speech)


# How far a request is.


def _status(walk: Walk, node: StatusNode, key: str, speech: str) -> Turn:
    """Look a number up and say how it stands; the third number that is none gives up."""
    number = key or spoken_digits(fold(speech).split())
    if len(number) < SHORTEST_NUMBER:
        return miss(walk, "no match")
    found = walk.readers.request_status(number)
    walk.note("request_asked", node=walk.state.node, found=found is not None)
    if found is not None:
        walk.speak(node.found, node, number=number, request=found)
        return walk.enter(node.next)
    misses = count_miss(walk, "number not found")
    walk.speak(node.not_found, node, number=number)
    if misses >= MISSES_AT_A_PROMPT:
        return walk.enter(node.give_up)
    if walk.state.misses_in_call >= MISSES_IN_A_CALL:
        return walk.person("misses")
    return walk.reprompt(node, misses)


# Calling back.


def _call_back(walk: Walk, node: CallBackNode, key: str, speech: str) -> Turn:
    """A yes is the option that calls back, a no declines."""
    option = chosen(node.options, key, speech)
    if option is not None:
        return take(walk, option)
    if not key and (is_yes(speech) or starts_with_yes(speech)):
        return call_me_back(walk)
    if not key and is_no(speech):
        return walk.enter(node.declined)
    return miss(walk, "no match")
