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
TYPES_AFTER_NUMBER = {**TYPES, "avenida": "Avenue", "calle": "Street"}
"""Types after a numbered street: Spanish says "sexta avenida" too."""
NAME_STARTERS = frozenset(
    {
        *("calle", "camino", "paseo", "via", "avenida", "placita", "cerrada"),
        *("vereda", "corte", "circulo"),
    }
)
"""Words that begin a Tucson street's own name ("Camino Seco", "Calle Alegria")."""

NAME_PARTICLES = frozenset({"de", "del", "la", "las", "los", "el"})
"""Words inside a Spanish street's name."""


def _set(*words: str) -> frozenset[str]:
    return frozenset(word for group in words for word in group.split())


CONNECTORS = _set("and at y con e cruce esquina near by cross crosses meets off cruza cruzan cerca")
RELATIONS = _set(
    "past passed crossed before after toward towards approaching reaching to pasando antes despues hacia llegar "
    "casi rumbo"
)
"""Words that put one street's place by another: "just past Wilmot"."""
LENGTHS = _set("block blocks mile miles feet yards cuadra cuadras milla millas")
DISTANCES = LENGTHS | _set(
    "north south east west norte sur este oeste a one two three four couple half quarter few un "
    "una dos tres media light "
    "lights stop about little bit up down coming heading going driving when you get i we where it "
    "they north northbound southbound eastbound westbound al lado antes llegar street streets "
    "in between side frontage road ramp exit lateral"
)
"""Words of distance and way that may stand between the two streets of a corner."""
BETWEEN_STREETS = (
    CONNECTORS
    | RELATIONS
    | _set(
        "the la el los las de del corner of just with close calle avenida en on intersection street is "
        "crossing right over sobre along por"
    )
)
CORNER_WORDS = _set("corner on at near esquina en cruce intersection by entre between")
DETERMINERS = _set("a an un una my your his her their our some every mi tu su")
"""Before an ordinary word these say that it is a thing: "a swan" is no Swan Road."""
NOT_A_STREET_AFTER = _set("light lights lamp lamps sign signs sweeper sweepers")
"""After number and type: "12 street lights"."""
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
BLOCK_WORDS = _set("block of the on at en de la el cuadra bloque numero number something")
BLOCK_NAMES = _set("block cuadra bloque")
UNIT_WORDS = _set(
    "apartment apartments apt unit box suite ste space spc lot trailer room building bldg "
    "departamento depto apartamento unidad espacio lote edificio cuarto traila"
)
"""Words before the number of a home inside an address."""
BEFORE_HOMOPHONE = _set("at is its address number en es")
"""After these "for 15" is a misheard 415."""
ASIDE = _set("the la el its it is on at en es that i mean no not its")
"""Small words between a correction and what it corrects."""
NUMBER_WORDS = frozenset({"number", "numero"})
_MOST_CORRECTIONS = 3
CORRECTIONS: tuple[tuple[str, ...], ...] = (
    ("no", "wait"),
    ("i", "mean"),
    ("i", "meant"),
    ("sorry",),
    ("wait",),
    ("oops",),
    ("or", "rather"),
    ("excuse", "me"),
    ("my", "mistake"),
    ("actually",),
    ("correction",),
    ("scratch", "that"),
    ("make", "that"),
    ("no", "its"),
    ("no", "it", "is"),
    ("perdon",),
    ("disculpe",),
    ("espere",),
    ("espera",),
    ("me", "equivoque"),
    ("o", "mas", "bien"),
    ("digo",),
    ("quiero", "decir"),
    ("quise", "decir"),
    ("mejor", "dicho"),
    ("no", "es"),
    ("no", "espere"),
)


def corrections(words: list[str]) -> list[tuple[int, int, bool]]:
    """Where the folded words take something back: (index, index after, said in clear words).

    A bare "no" in the middle may be one too: then the last of the three is False.
    """
    found = [
        (at, at + len(phrase), True)
        for at in range(len(words))
        for phrase in CORRECTIONS
        if tuple(words[at : at + len(phrase)]) == phrase
    ]
    found += [(at, at + 1, False) for at, word in enumerate(words) if at and word in {"no", "not"}]
    return sorted(found, key=lambda one: (one[1], one[2]))[-_MOST_CORRECTIONS:]


def skip(words: list[str], at: int, over: Iterable[str], most: int) -> int:
    """Index after at most `most` words of the set `over`."""
    passed = 0
    while at < len(words) and passed < most and words[at] in over:
        at, passed = at + 1, passed + 1
    return at
