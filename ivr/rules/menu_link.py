"""The location link in the menu: texted once, waited for in words, and never for long.

What comes by it is a place like any other: read back, changed, refused, or a person's if tribal. The
silence of a caller who looks at their telephone is no miss; whatever they say is read as everywhere.
"""

from ivr.rules.actions import TakePlace
from ivr.rules.menu_confirm import read_place
from ivr.rules.menu_nodes import LocationLinkNode
from ivr.rules.menu_state import Link, Turn
from ivr.rules.menu_steps import chosen, miss, take
from ivr.rules.menu_walk import Walk
from ivr.rules.spoken_words import is_yes, starts_with_yes

LINK_ROUNDS = 5
"""Silences in which a place is waited for: with the words between them some 90 s."""


def take_place(walk: Walk) -> bool:
    """Take the place that came by the link into the state, if one has come."""
    found = walk.readers.texted_place() if walk.state.link is Link.SENT else None
    if found is None:
        return False
    walk.update(place=found, confirmed=False, link=Link.TAKEN)
    walk.promise("place_taken", TakePlace())
    walk.note(
        "place_came",
        jurisdiction=found.jurisdiction,
        certain=found.certain,
        uncertainty_metres=found.uncertainty_metres,
        tribal=found.tribal,
    )
    return True


def to_place(walk: Walk, then: str) -> Turn:
    """Go on with a place just found: a tribal one to a person, any other to be read back."""
    tribal = walk.state.place is not None and walk.state.place.tribal
    return walk.person("tribal place") if tribal else walk.enter(then)


def waited(walk: Walk, node: LocationLinkNode) -> Turn:
    """A silence, or no more than "okay": the place has come, is waited for on, or is given up."""
    if take_place(walk):
        return to_place(walk, node.next)
    rounds = walk.state.link_rounds + 1
    walk.update(link_rounds=rounds)
    if rounds >= LINK_ROUNDS:
        walk.note("link_given_up", rounds=rounds)
        return walk.enter(node.give_up)
    return walk.reprompt(node, 1 + (rounds - 1) % 2)


def heard(walk: Walk, node: LocationLinkNode, key: str, speech: str) -> Turn:
    """Keys and words while it is waited: an option, a place said after all, "okay", or a miss."""
    option = chosen(node.options, key, speech)
    if option is not None:
        return take(walk, option)
    if key:
        return miss(walk, "no match")
    if read_place(walk, speech):
        return to_place(walk, node.next)
    if is_yes(speech) or starts_with_yes(speech):
        return waited(walk, node)
    return to_place(walk, node.next) if take_place(walk) else miss(walk, "no match")
