"""Two wishes that are about as likely: the caller is asked which ("a water leak, or your bill?").

Once, by name and by key. Whatever is no clear choice goes where unclear words go: to a person, with
the words on the screen. Never a guess; a menu without the sentence asks nothing.
"""

from ivr.rules.heard import Heard
from ivr.rules.menu_nodes import AskIntentNode
from ivr.rules.menu_state import Turn
from ivr.rules.menu_walk import Walk
from ivr.rules.spoken_words import starts_with_no

AS_LIKELY = 0.5
"""The second wish is close when it is at least so likely as the first, as a share of it."""
LEAST_TOGETHER = 0.4
"""Belief in the two together from which the question is worth a caller's time."""
_NEVER_ASKED = frozenset({"human", "other", "crisis", "welfare_check", "city_info"})
"""Wishes that are a person anyway, or nothing to be asked about by a machine."""
_FIRST = frozenset({"first", "the first", "one", "primero", "primera", "la primera", "uno"})
_SECOND = frozenset({"second", "the second", "two", "segundo", "segunda", "la segunda", "dos"})


def close_two(heard: Heard) -> tuple[str, str] | None:
    """The two wishes to ask between, or None when one is clear, neither is, or neither may be."""
    if heard.intent or len(heard.alternatives) < 2:
        return None
    (first, likely), (second, less) = heard.alternatives[:2]
    if {first, second} & _NEVER_ASKED:
        return None
    close = less >= AS_LIKELY * likely and likely + less >= LEAST_TOGETHER
    return (first, second) if close else None


def ask_between(walk: Walk, node: AskIntentNode, heard: Heard) -> Turn | None:
    """Ask which of two wishes is meant, or None when there is nothing to ask."""
    two, sentence = close_two(heard), walk.graph.sentences.two_wishes
    if two is None or sentence is None:
        return None
    walk.update(between=two)
    walk.note("asked_between", first=two[0], second=two[1])
    return walk.ask_which(node, sentence)


def which(walk: Walk, node: AskIntentNode, key: str, speech: str) -> Turn:
    """Take the answer: a key, the first or the second, or words that name one of the two."""
    two = walk.state.between
    walk.update(between=())
    meant = _meant(walk, two, key, speech)
    walk.note("between_answered", speech or None, key=key, intent=meant)
    if not meant:
        return walk.enter(node.unclear)
    walk.update(intent=Heard(meant, 1.0, decided_by=("chosen by the caller",)))
    return walk.enter(node.next)


def _meant(walk: Walk, two: tuple[str, ...], key: str, speech: str) -> str:
    if key:
        return {"1": two[0], "2": two[1]}.get(key, "")
    said = speech.strip(" .").casefold()
    if said in _FIRST:
        return two[0]
    if said in _SECOND:
        return two[1]
    if not said or starts_with_no(speech):
        return ""
    heard = walk.readers.intent(speech, walk.state.language)
    likeliest = heard.intent or next(iter(heard.alternatives), ("", 0.0))[0]
    return likeliest if likeliest in two else ""
