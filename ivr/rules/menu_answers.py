"""What an input means at each kind of node, after danger and the person key were read.

Knows nothing of emergencies: `ivr.rules.menu` has read them before it asks here.
"""

from dataclasses import replace

from ivr.rules.actions import CallMeBack, TextMe
from ivr.rules.folding import fold, holds
from ivr.rules.heard import Heard
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    AskNode,
    CallBackNode,
    ChooseNode,
    ConfirmNode,
    Does,
    Handover,
    InformationNode,
    LanguageNode,
    LanguageOption,
    Listening,
    Option,
    StatusNode,
    TransferNode,
    VoicemailNode,
)
from ivr.rules.menu_state import Event, Turn
from ivr.rules.menu_walk import READBACK_LIMIT, Walk
from ivr.rules.numbers_spoken import spoken_digits
from ivr.rules.spoken_words import (
    is_no,
    is_yes,
    starts_with_no,
    starts_with_yes,
    wants_person,
    wants_repeat,
)
from models.states import Language

MISSES_AT_A_PROMPT = 3
MISSES_IN_A_CALL = 5
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
        return _came_back(walk, node, keys, event)
    if not isinstance(node, Listening) or event:
        return walk.enter(walk.state.node)
    several = isinstance(node, StatusNode)
    if keys.startswith("*") or (several and "*" in keys):
        return _back(walk)
    key = keys.strip("#") if several else keys[:1].strip("#")
    if not key and not speech:
        return _silence(walk, node)
    if speech and not key and wants_repeat(speech):
        return _repeat(walk)
    if speech and not key and wants_person(speech):
        return walk.person("asked for a person")
    return _by_kind(walk, node, key, speech)


def _by_kind(walk: Walk, node: Listening, key: str, speech: str) -> Turn:
    match node:
        case LanguageNode():
            return _language(walk, node, key, speech)
        case ChooseNode() | InformationNode():
            return _choose(walk, node.options, key, speech)
        case AskIntentNode():
            return _intent(walk, node, key, speech)
        case AskLocationNode():
            return _location(walk, node, key, speech)
        case AskNode():
            return _ask(walk, node, key, speech)
        case ConfirmNode():
            return _confirm(walk, node, key, speech)
        case StatusNode():
            return _status(walk, node, key, speech)
        case CallBackNode():
            return _call_back(walk, node, key, speech)


def _back(walk: Walk) -> Turn:
    """Star: to the prompt before, forgetting the place; at the first prompt, say it again."""
    path = walk.state.path
    if len(path) < 2:
        return _repeat(walk)
    walk.update(path=path[:-2], place=None, confirmed=False)
    walk.note("went_back", node=path[-2])
    return walk.enter(path[-2])


def _repeat(walk: Walk) -> Turn:
    """Say the prompt again; a read-back said again is not a new one."""
    node = walk.graph.nodes[walk.state.node]
    if isinstance(node, ConfirmNode):
        _count_back(walk, node)
    walk.note("repeated", node=walk.state.node)
    return walk.enter(walk.state.node)


def _count_back(walk: Walk, node: ConfirmNode) -> None:
    times = walk.state.readbacks.get(node.of, 0)
    walk.update(readbacks={**walk.state.readbacks, node.of: max(0, times - 1)})


def _silence(walk: Walk, node: Listening) -> Turn:
    """The first silence where a number is asked for is let pass: its listening is a short one."""
    if isinstance(node, StatusNode) and not walk.state.given_time:
        return walk.wait_on(node)
    return _miss(walk, "silence")


def _miss(walk: Walk, why: str) -> Turn:
    """Silence and no-match count alike; the third at a prompt or the fifth in a call: a person."""
    misses = _count_miss(walk, why)
    if misses >= MISSES_AT_A_PROMPT or walk.state.misses_in_call >= MISSES_IN_A_CALL:
        return walk.person("misses")
    node = walk.graph.nodes[walk.state.node]
    return (
        walk.reprompt(node, misses) if isinstance(node, Listening) else walk.enter(walk.state.node)
    )


def _count_miss(walk: Walk, why: str) -> int:
    """Count a miss; returns how many there were at this prompt."""
    misses, in_call = walk.state.misses + 1, walk.state.misses_in_call + 1
    walk.update(misses=misses, misses_in_call=in_call, given_time=False)
    walk.note("missed", node=walk.state.node, why=why, misses=misses, in_call=in_call)
    return misses


def _chosen(options: tuple[Option, ...], key: str, speech: str) -> Option | None:
    """The option of a key or of spoken words; None when none or two are meant."""
    if key:
        return next((option for option in options if option.key == key), None)
    said = fold(speech)
    meant = [option for option in options if any(holds(said, word) for word in option.words)]
    return meant[0] if len(meant) == 1 else None


def _choose(walk: Walk, options: tuple[Option, ...], key: str, speech: str) -> Turn:
    option = _chosen(options, key, speech)
    return _miss(walk, "no match") if option is None else _take(walk, option)


def _take(walk: Walk, option: Option) -> Turn:
    if option.intent:
        walk.update(intent=Heard(option.intent, 1.0, decided_by=("chosen by the caller",)))
        walk.note("intent_chosen", intent=option.intent)
    match option.does:
        case Does.NOTHING:
            return walk.enter(option.next)
        case Does.TEXT_ME:
            return _text_me(walk)
        case Does.CALL_BACK:
            return _call_me_back(walk)
        case Does.REPEAT:
            return _repeat(walk)


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
    return walk.prompt(node) if isinstance(node, InformationNode) else _repeat(walk)


# Language.


def _language(walk: Walk, node: LanguageNode, key: str, speech: str) -> Turn:
    option = _language_option(node, key, speech)
    if option is not None:
        _set_language(walk, option.language, "chosen")
        return walk.enter(node.next)
    if speech and (language := _language_of(walk, speech)) is not None:
        _set_language(walk, language, "by the words")
        opening = walk.graph.nodes.get(node.opening)
        walk.update(node=node.opening, misses=0)
        if isinstance(opening, AskIntentNode):
            return _intent(walk, opening, "", speech)
    return _miss(walk, "no match")


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
    option = _chosen(node.options, key, speech) if key or len(speech.split()) == 1 else None
    if key or option is not None:
        return _miss(walk, "no match") if option is None else _take(walk, option)
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
    if _read_place(walk, speech) and walk.state.place is not None and walk.state.place.tribal:
        return walk.person("tribal place")
    return walk.enter(node.next if heard.intent else node.unclear)


# A question of the city's own.


def _ask(walk: Walk, node: AskNode, key: str, speech: str) -> Turn:
    """Keep what was said under the question's name; a key or its single word is an option."""
    option = _chosen(node.options, key, speech) if key or len(speech.split()) == 1 else None
    if option is not None:
        return _take(walk, option)
    if key:
        return _miss(walk, "no match")
    walk.update(answers={**walk.state.answers, node.name: speech[:LONGEST_ANSWER]})
    walk.note("answer_heard", speech, name=node.name)
    return walk.enter(node.next)


# Where it is.


def _read_place(walk: Walk, speech: str) -> bool:
    """Take a place out of the words into the state, if there is one."""
    found = walk.readers.place(speech, walk.state.language)
    if found is None:
        return False
    walk.update(place=found, confirmed=False)
    walk.note(
        "place_read",
        found.spoken.text,
        place_kind=found.spoken.kind.value,
        jurisdiction=found.jurisdiction,
        certain=found.certain,
        approximate=found.approximate,
        tribal=found.tribal,
    )
    return True


def _location(walk: Walk, node: AskLocationNode, key: str, speech: str) -> Turn:
    if key:
        return _choose(walk, node.options, key, speech)
    if _read_place(walk, speech):
        tribal = walk.state.place is not None and walk.state.place.tribal
        return walk.person("tribal place") if tribal else walk.enter(node.next)
    return _choose(walk, node.options, key, speech)


# What is read back.


def _confirm(walk: Walk, node: ConfirmNode, key: str, speech: str) -> Turn:
    """1 or yes goes on; 2, no, or another value changes it; a third read-back never comes."""
    what = node.of.partition(":")[0]
    if key == "1" or (not key and (is_yes(speech) or starts_with_yes(speech))):
        walk.update(confirmed=walk.state.confirmed or what == "place")
        walk.note(f"{what}_confirmed", readbacks=walk.state.readbacks.get(node.of, 0))
        return walk.enter(node.right)
    if not key and not is_no(speech) and _corrected(walk, node, speech):
        walk.note(f"{what}_corrected", readbacks=walk.state.readbacks.get(node.of, 0))
        tribal = walk.state.place is not None and walk.state.place.tribal
        return walk.person("tribal place") if tribal else walk.enter(walk.state.node)
    if key == "2" or (not key and starts_with_no(speech)):
        return _change(walk, node)
    return _miss(walk, "no match")


def _corrected(walk: Walk, node: ConfirmNode, speech: str) -> bool:
    """Take another place, or another wish, out of words that are no plain no."""
    if node.of == "place":
        return _read_place(walk, speech)
    if node.of != "intent":
        return False
    heard = walk.readers.intent(speech, walk.state.language)
    if not heard.intent or heard.intent == walk.state.intent.intent:
        return False
    walk.update(intent=heard)
    return True


def _change(walk: Walk, node: ConfirmNode) -> Turn:
    """Ask again; the second refusal gives up with all that was heard."""
    times = walk.state.readbacks.get(node.of, 0)
    walk.note(f"{node.of.partition(':')[0]}_refused", readbacks=times)
    if times >= READBACK_LIMIT:
        return walk.enter(node.give_up)
    _forget(walk, node.of)
    change = walk.graph.nodes.get(node.change)
    if node.of == "place" and isinstance(change, AskLocationNode):
        return _ask_change(walk, node.change, change)
    return walk.enter(node.change)


def _forget(walk: Walk, of: str) -> None:
    if of == "place":
        walk.update(place=None)
    elif of == "intent":
        walk.update(intent=Heard())
    else:
        name = of.removeprefix("answer:")
        kept = {known: said for known, said in walk.state.answers.items() if known != name}
        walk.update(answers=kept)


def _ask_change(walk: Walk, node_id: str, node: AskLocationNode) -> Turn:
    """The location prompt in its second wording: what was wrong is being mended."""
    walk.reach(node_id)
    changed = replace(node, prompt=replace(node.prompt, text=node.change))
    return walk.ask(node_id, changed)


# How far a request is.


def _status(walk: Walk, node: StatusNode, key: str, speech: str) -> Turn:
    """Look a number up and say how it stands; the third number that is none gives up."""
    number = key or spoken_digits(fold(speech).split())
    if len(number) < SHORTEST_NUMBER:
        return _miss(walk, "no match")
    found = walk.readers.request_status(number)
    walk.note("request_asked", node=walk.state.node, found=found is not None)
    if found is not None:
        walk.speak(node.found, node, number=number, request=found)
        return walk.enter(node.next)
    misses = _count_miss(walk, "number not found")
    walk.speak(node.not_found, node, number=number)
    if misses >= MISSES_AT_A_PROMPT:
        return walk.enter(node.give_up)
    if walk.state.misses_in_call >= MISSES_IN_A_CALL:
        return walk.person("misses")
    return walk.reprompt(node, misses)


# Calling back.


def _call_back(walk: Walk, node: CallBackNode, key: str, speech: str) -> Turn:
    """A yes is the option that calls back, a no declines."""
    option = _chosen(node.options, key, speech)
    if option is not None:
        return _take(walk, option)
    if not key and (is_yes(speech) or starts_with_yes(speech)):
        return _call_me_back(walk)
    if not key and is_no(speech):
        return walk.enter(node.declined)
    return _miss(walk, "no match")


def _call_me_back(walk: Walk) -> Turn:
    node = walk.graph.nodes[walk.state.node]
    if not isinstance(node, CallBackNode):
        return _repeat(walk)
    walk.promise("call_back", CallMeBack(walk.state.node))
    walk.note("call_back_chosen", node=walk.state.node)
    return walk.enter(node.done)


# Back from a handover.


def _came_back(walk: Walk, node: Handover, keys: str, event: str) -> Turn:
    match node:
        case VoicemailNode():
            return _after_voicemail(walk, node, keys, event)
        case TransferNode():
            return _after_transfer(walk, node, event)


def _after_voicemail(walk: Walk, node: VoicemailNode, keys: str, event: str) -> Turn:
    """A message that was left is thanked for; without one the caller is asked again."""
    if keys.startswith("*"):
        return _back(walk)
    if event != Event.RECORDED:
        return _miss(walk, "silence")
    walk.note("voicemail_left", node=walk.state.node)
    if not node.next:
        return walk.goodbye(node.thanks, walk.state.node)
    walk.speak(node.thanks)
    return walk.enter(node.next)


def _after_transfer(walk: Walk, node: TransferNode, event: str) -> Turn:
    """Whoever was not answered goes on where the menu says; whoever is alone again, to a person."""
    if event == Event.TRANSFER_ENDED:
        return walk.person("transfer ended")
    _count_miss(walk, "transfer failed")
    if walk.state.misses_in_call >= MISSES_IN_A_CALL:
        return walk.person("misses")
    return walk.enter(node.failed)
