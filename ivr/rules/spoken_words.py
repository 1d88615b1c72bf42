"""Short answers in both languages: yes, no, repeat, a person, not sure.

A clear answer is one that holds nothing else: "no" is no, "no, he is hurt" is not.
Knows no node and no question.
"""

import re
from collections.abc import Iterable

from ivr.rules.folding import fold, holds


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words(
    "yes yeah yep yup yea ya correct right sure okay ok exactly affirmative true one "
    "si correcto correcta exacto exactamente claro asi simon bueno afirmativo cierto uno"
)
_NO = _words(
    "no nope nah negative wrong incorrect star asterisk "
    "incorrecto incorrecta negativo equivocado nel estrella asterisco"
)
_YES_FILLER = _words(
    "thats that is it its there are someone somebody please sir maam the place thank you "
    "es eso ese esa mero hay alguien el la lugar senor senora senorita por favor gracias que "
    "i am we um uh eh este pues"
)
_NO_FILLER = _words(
    "um uh its thank you thanks sir maam right now please im sorry that is "
    "gracias senor senora senorita por favor eh pues este ahorita ahora en momento es eso"
)
_ALL_WELL = re.compile(
    r"\b(?:(?:theres |there is )?(?:nobodys?|no ones?|no body)(?: (?:is|s))?(?: (?:in (?:any )?danger|hurt))?"
    r"|(?:everyones|everybodys|everyone is|everybody is|were all|we are all|were|we are|im|i am)"
    r" (?:all )?(?:fine|ok|okay|safe)"
    r"|(?:its |this is |it is )?not an emergency"
    r"|(?:no hay )?nadie(?: (?:esta|corre|en))?(?: en)?(?: (?:ningun )?peligro)?"
    r"|no es (?:una )?emergencia"
    r"|(?:todo |todos |estamos |estoy |esta )+bien)\b"
)
_PERSON = _words(
    "person operator representative human agent persona operador operadora representante agente"
)
_PERSON_PHRASES = (
    "a person",
    "real person",
    "talk to someone",
    "speak to someone",
    "talk to somebody",
    "speak with someone",
    "hablar con alguien",
    "hablar con una persona",
    "una persona",
)
_REPEAT = frozenset(
    {
        "repeat",
        "say again",
        "say that again",
        "again",
        "repeat that",
        "repeat please",
        "what",
        "pardon",
        "repita",
        "repitalo",
        "repita por favor",
        "otra vez",
        "mande",
        "como",
        "que",
    }
)
SHORT_WORDS = 4


def is_yes(text: str) -> bool:
    """Say whether the words are a clear yes and nothing else."""
    return _only(fold(text).split(), _YES, _YES_FILLER)


def is_no(text: str) -> bool:
    """Say whether the words are a clear no and nothing else: "nobody is safe" is not."""
    folded = fold(text)
    rest, found = _ALL_WELL.subn(" no ", folded)
    return _only(rest.split() if found else folded.split(), _NO, _NO_FILLER)


def starts_with_no(text: str) -> bool:
    """Say whether a correction begins: "no, it is ...", "that's wrong"."""
    return any(word in _NO or word == "not" for word in fold(text).split()[:3])


def starts_with_yes(text: str) -> bool:
    """Say whether an agreement begins: "yes, by the school"."""
    words = fold(text).split()
    return bool(words) and words[0] in _YES


def wants_repeat(text: str) -> bool:
    """Say whether the caller asks to hear it again."""
    return fold(text) in _REPEAT


def wants_person(text: str) -> bool:
    """Say whether a short utterance asks for a person."""
    folded = fold(text)
    words = folded.split()
    short = len(words) <= SHORT_WORDS and any(word in _PERSON for word in words)
    return short or (len(words) <= 2 * SHORT_WORDS and _any(folded, _PERSON_PHRASES))


def _any(folded: str, phrases: Iterable[str]) -> bool:
    return any(holds(folded, phrase) for phrase in phrases)


def _only(words: list[str], wanted: frozenset[str], filler: frozenset[str]) -> bool:
    """One wanted word at least, none of the words outside wanted and filler."""
    return any(w in wanted for w in words) and all(w in wanted or w in filler for w in words)
