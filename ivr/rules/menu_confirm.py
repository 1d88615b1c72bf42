"""Reading back what was understood: a place, a wish, or the answer to a question of the city's.

Twice at most; a correction in the same breath is read back like the first.
"""

from dataclasses import replace

from ivr.rules.heard import Heard
from ivr.rules.menu_nodes import AskLocationNode, ConfirmNode
from ivr.rules.menu_state import Turn
from ivr.rules.menu_steps import miss
from ivr.rules.menu_walk import READBACK_LIMIT, Walk
from ivr.rules.spoken_place import PlaceFound, SpokenPlace
from ivr.rules.spoken_words import is_no, is_yes, starts_with_no, starts_with_yes


def read_place(walk: Walk, speech: str) -> bool:
    """Take a place out of the words into the state, if there is one.

    Two streets that do not meet are none: they are kept to be asked about, where the menu does.
    """
    found = walk.readers.place(speech, walk.state.language)
    if found is None:
        return False
    if found.apart and not found.tribal and walk.graph.sentences.not_a_corner is not None:
        walk.update(unmet=found.spoken)
        walk.note("streets_apart", found.spoken.text)
        return False
    _put_place(walk, found)
    return True


def amend_place(walk: Walk, earlier: SpokenPlace | None, speech: str) -> bool:
    """Change just the part of an earlier place that the words name, if they name one."""
    changed = earlier and walk.readers.amended(earlier, speech, walk.state.language)
    if not changed:
        return False
    _put_place(walk, changed)
    return True


def _put_place(walk: Walk, found: PlaceFound) -> None:
    walk.update(place=found, confirmed=False, unmet=None)
    walk.note(
        "place_read",
        found.spoken.text,
        place_kind=found.spoken.kind.value,
        jurisdiction=found.jurisdiction,
        certain=found.certain,
        approximate=found.approximate,
        tribal=found.tribal,
    )


def confirm(walk: Walk, node: ConfirmNode, key: str, speech: str) -> Turn:
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
    apart = node.of == "place" and walk.state.unmet is not None
    if key == "2" or (not key and (starts_with_no(speech) or apart)):
        return _change(walk, node)
    return miss(walk, "no match")


def _corrected(walk: Walk, node: ConfirmNode, speech: str) -> bool:
    """Take another place, or another wish, out of words that are no plain no."""
    if node.of == "place":
        before = walk.state.place
        walk.update(unmet=None)
        return read_place(walk, speech) or (
            before is not None and amend_place(walk, before.spoken, speech)
        )
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
