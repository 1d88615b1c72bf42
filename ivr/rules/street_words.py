"""Words around street names: directions, types, connectors, in both languages.

Folded forms on the left, the one canonical form on the right. Knows no street.
"""

from collections.abc import Iterable, Mapping


def _table(rows: Mapping[str, str]) -> dict[str, str]:
    return {word: canonical for canonical, words in rows.items() for word in words.split()}


DIRECTIONS = _table(
    {
        "N": "north n norte",
        "S": "south s sur",
        "E": "east e este oriente",
        "W": "west w oeste poniente",
    }
)
DIRECTION_NAMES = {
    "en": {"N": "North", "S": "South", "E": "East", "W": "West"},
    "es": {"N": "Norte", "S": "Sur", "E": "Este", "W": "Oeste"},
}
TYPES = _table(
    {
        "Street": "street st streets",
        "Avenue": "avenue ave av avenues",
        "Road": "road rd roads",
        "Drive": "drive dr",
        "Boulevard": "boulevard blvd bl bulevar",
        "Lane": "lane ln",
        "Way": "way wy",
        "Place": "place pl",
        "Court": "court ct",
        "Circle": "circle cir",
        "Parkway": "parkway pkwy pw",
        "Loop": "loop",
        "Trail": "trail trl",
        "Terrace": "terrace ter",
        "Stravenue": "stravenue stra strav stravn sv",
        "Highway": "highway hwy",
        "Freeway": "freeway",
        "Alley": "alley",
        "Pass": "pass",
    }
)
TYPES_BEFORE = _table(
    {
        "Street": "calle",
        "Avenue": "avenida av",
        "Boulevard": "bulevar boulevard",
        "Road": "carretera",
        "Highway": "autopista",
        "Alley": "callejon",
    }
)
"""Types that Spanish puts before the name; with English names they are often just courtesy."""
NAME_STARTERS = frozenset({"calle", "camino", "paseo", "via", "avenida", "placita", "cerrada"})
"""Words that begin a Tucson street's own name ("Camino Seco", "Calle Alegria")."""


def _set(*words: str) -> frozenset[str]:
    return frozenset(word for group in words for word in group.split())


CONNECTORS = _set("and at y con e cruce esquina near by cross crosses meets off")
BETWEEN_STREETS = CONNECTORS | _set(
    "the la el los las de del corner of cerca casi just with close to calle avenida en on "
    "intersection street is crossing before past after right over"
)
PREPOSITIONS = _set(
    "on at of near by in the off along corner intersection between from en de la el sobre por "
    "con cerca esquina entre"
)
"""Words after which a street's name may begin."""
BETWEEN = frozenset({"between", "entre"})
STOP_WORDS = _set(
    "a an the on at in of and is it its was there theres by near off to from for with my your his "
    "her their this that has have had big huge car dog dogs some all are be been going i we they "
    "un una el la los las en de y con es esta hay por para mi su sus que muy del se lo no not "
    "street road avenue corner between block house home right left side or but so just please"
)
"""Words that never stand inside an unknown street's name."""
BLOCK_WORDS = _set("block of the on at en de la el cuadra bloque numero number")
NUMBER_WORDS = frozenset({"number", "numero"})
CORRECTIONS: tuple[tuple[str, ...], ...] = (
    ("no", "wait"),
    ("i", "mean"),
    ("i", "meant"),
    ("sorry",),
    ("actually",),
    ("correction",),
    ("scratch", "that"),
    ("make", "that"),
    ("no", "its"),
    ("no", "it", "is"),
    ("perdon",),
    ("digo",),
    ("quiero", "decir"),
    ("quise", "decir"),
    ("mejor", "dicho"),
    ("no", "es"),
    ("no", "espere"),
)


def after_correction(words: list[str]) -> int:
    """Index after the last self-correction in the folded words; 0 when there is none."""
    ends = (
        at + len(phrase)
        for at in range(len(words))
        for phrase in CORRECTIONS
        if tuple(words[at : at + len(phrase)]) == phrase
    )
    return max(ends, default=0)


def skip(words: list[str], at: int, over: Iterable[str], most: int) -> int:
    """Index after at most `most` words of the set `over`."""
    passed = 0
    while at < len(words) and passed < most and words[at] in over:
        at, passed = at + 1, passed + 1
    return at
