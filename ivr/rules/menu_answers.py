"""What an input means at each kind of node, after danger and the person key were read.

Knows nothing of emergencies: `ivr.rules.menu` has read them before it asks here.
"""

from dataclasses import replace

from ivr.rules.folding import fold, holds
from ivr.rules.heard import Heard
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    ChooseNode,
    ConfirmNode,
    InformationNode,
    LanguageNode,
    LanguageOption,
    Option,
)
from ivr.rules.menu_state import Turn
from ivr.rules.menu_walk import Walk
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


def at_node(walk: Walk, keys: str, speech: str) -> Turn:
    """Take an input at the node where the caller was asked."""
    if keys.startswith("*"):
        return _back(walk)
    key = keys[:1] if keys[:1] != "#" else ""
    if not key and not speech:
        return _miss(walk, "silence")
    if speech and not key and wants_repeat(speech):
        return _repeat(walk)
    if speech and not key and wants_person(speech):
        return walk.person("asked for a person")
    return _by_kind(walk, key, speech)


def _by_kind(walk: Walk, key: str, speech: str) -> Turn:
    node = walk.graph.nodes[walk.state.node]
    match node:
        case LanguageNode():
            return _language(walk, node, key, speech)
        case ChooseNode() | InformationNode():
            return _choose(walk, node.options, key, speech)
        case AskIntentNode():
            return _intent(walk, node, key, speech)
        case AskLocationNode():
            return _location(walk, node, key, speech)
        case ConfirmNode():
            return _confirm(walk, node, key, speech)
        case _:
            return walk.enter(walk.state.node)


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
        walk.update(readbacks=max(0, walk.state.readbacks - 1))
    walk.note("repeated", node=walk.state.node)
    return walk.enter(walk.state.node)


def _miss(walk: Walk, why: str) -> Turn:
    """Silence and no-match count alike; the third at a prompt or the fifth in a call: a person."""
    misses, in_call = walk.state.misses + 1, walk.state.misses_in_call + 1
    walk.update(misses=misses, misses_in_call=in_call)
    walk.note("missed", node=walk.state.node, why=why, misses=misses, in_call=in_call)
    if misses >= MISSES_AT_A_PROMPT or in_call >= MISSES_IN_A_CALL:
        return walk.person("misses")
    return walk.reprompt(walk.graph.nodes[walk.state.node], misses)


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
    return walk.enter(option.next)


# Language.


def _language(walk: Walk, node: LanguageNode, key: str, speech: str) -> Turn:
    option = _language_option(node, key, speech)
    if option is not None:
        _set_language(walk, option.language, "chosen")
        return walk.enter(node.next)
    if speech and (language := _language_of(walk, speech)) is not None:
        _set_language(walk, language, "by the words")
        opening = walk.graph.nodes[node.opening]
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


def _confirm(walk: Walk, node: ConfirmNode, key: str, speech: str) -> Turn:
    """1 or yes goes on; 2, no, or another place changes it; a third read-back never comes."""
    if key == "1" or (not key and (is_yes(speech) or starts_with_yes(speech))):
        walk.update(confirmed=True)
        walk.note("place_confirmed", readbacks=walk.state.readbacks)
        return walk.enter(node.right)
    if not key and not is_no(speech) and _read_place(walk, speech):
        walk.note("place_corrected", readbacks=walk.state.readbacks)
        tribal = walk.state.place is not None and walk.state.place.tribal
        return walk.person("tribal place") if tribal else walk.enter(walk.state.node)
    if key == "2" or (not key and starts_with_no(speech)):
        return _change(walk, node)
    return _miss(walk, "no match")


def _change(walk: Walk, node: ConfirmNode) -> Turn:
    """Ask again for the place; the second refusal gives up with all that was heard."""
    walk.note("place_refused", readbacks=walk.state.readbacks)
    if walk.state.readbacks >= 2:
        return walk.enter(node.give_up)
    walk.update(place=None)
    change = walk.graph.nodes.get(node.change)
    if isinstance(change, AskLocationNode):
        return _ask_change(walk, node.change, change)
    return walk.enter(node.change)


def _ask_change(walk: Walk, node_id: str, node: AskLocationNode) -> Turn:
    """The location prompt in its second wording: what was wrong is being mended."""
    changed = replace(node, prompt=replace(node.prompt, text=node.change))
    return walk.ask(node_id, changed)
