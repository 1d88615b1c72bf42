"""House numbers as people say them and as recognisers write them, in English and Spanish.

"twenty two hundred", "22 100", "two oh five", "dos mil doscientos" become digits. Also ordinals:
"sixth", "6th", "sexta" become "6th". Knows no street.
"""

from collections.abc import Sequence

_UNITS = {
    word: value
    for value, words in enumerate(
        (
            "zero oh cero",
            "one uno",
            "two dos",
            "three tres",
            "four cuatro",
            "five cinco",
            "six seis",
            "seven siete",
            "eight ocho",
            "nine nueve",
        )
    )
    for word in words.split()
}
_TEENS = {
    word: value
    for value, words in enumerate(
        (
            "ten diez",
            "eleven once",
            "twelve doce",
            "thirteen trece",
            "fourteen catorce",
            "fifteen quince",
            "sixteen dieciseis",
            "seventeen diecisiete",
            "eighteen dieciocho",
            "nineteen diecinueve",
        ),
        start=10,
    )
    for word in words.split()
}
_TWENTIES = {
    word: value
    for value, word in enumerate(
        [
            "veintiuno",
            "veintidos",
            "veintitres",
            "veinticuatro",
            "veinticinco",
            "veintiseis",
            "veintisiete",
            "veintiocho",
            "veintinueve",
        ],
        start=21,
    )
}
_TENS = {
    word: 10 * value
    for value, words in enumerate(
        (
            "twenty veinte",
            "thirty treinta",
            "forty fourty cuarenta",
            "fifty cincuenta",
            "sixty sesenta",
            "seventy setenta",
            "eighty ochenta",
            "ninety noventa",
        ),
        start=2,
    )
    for word in words.split()
}
_HUNDREDS = {
    "cien": 100,
    "ciento": 100,
    "doscientos": 200,
    "trescientos": 300,
    "cuatrocientos": 400,
    "quinientos": 500,
    "seiscientos": 600,
    "setecientos": 700,
    "ochocientos": 800,
    "novecientos": 900,
    "doscientas": 200,
    "trescientas": 300,
    "cuatrocientas": 400,
    "quinientas": 500,
    "seiscientas": 600,
    "setecientas": 700,
    "ochocientas": 800,
    "novecientas": 900,
}
_THOUSAND = frozenset({"thousand", "mil"})
_ORDINAL_UNITS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
}
_ORDINALS = {
    **_ORDINAL_UNITS,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
    "fortieth": 40,
    "fiftieth": 50,
    "primera": 1,
    "segunda": 2,
    "tercera": 3,
    "cuarta": 4,
    "quinta": 5,
    "sexta": 6,
    "septima": 7,
    "octava": 8,
    "novena": 9,
    "decima": 10,
}
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
_HOMOPHONES = {"to": "2", "too": "2", "for": "4", "won": "1", "ate": "8"}
LONGEST_NUMBER = 6


def house_number(
    words: Sequence[str], start: int, *, may_mishear: bool | None = None
) -> tuple[str, int] | None:
    """Read a house number that begins at `start` of the folded words.

    Args:
        words: Folded words.
        start: Where the number begins.
        may_mishear: Whether a first "to", "for", "won" may be a digit; at the start by itself.

    Returns:
        Its digits and the index after it, or None. At most six digits.

    Neighbouring groups are joined as they are spoken: "twenty two | oh five" is 2205. A group of
    100 after a small one multiplies it ("22 100" is how recognisers write twenty-two hundred).
    """
    may_mishear = start == 0 if may_mishear is None else may_mishear
    groups: list[str] = []
    at = start
    while (group := _group(words, at, first=not groups and may_mishear)) is not None:
        joined = _join(groups, group[0])
        if len("".join(joined)) > LONGEST_NUMBER:
            break
        groups, at = joined, group[1]
    digits = "".join(groups)
    if not digits or not digits.strip("0"):
        return None
    return digits, at


def first_number(words: Sequence[str], start: int) -> tuple[str, int] | None:
    """The first spoken group alone, "12" of "12 1200": its digits and the index after it."""
    return _group(words, start, first=False)


def ordinal(words: Sequence[str], start: int) -> tuple[str, int] | None:
    """Read "sixth", "twenty second", "22nd", "sexta" as "6th", "22nd", with the index after it."""
    if start >= len(words):
        return None
    word = words[start]
    if word[:-2].isdigit() and word[-2:] in {"st", "nd", "rd", "th"}:
        return _ordinal_text(int(word[:-2][:4])), start + 1
    if word in _TENS and start + 1 < len(words) and words[start + 1] in _ORDINAL_UNITS:
        return _ordinal_text(_TENS[word] + _ORDINAL_UNITS[words[start + 1]]), start + 2
    if word in _ORDINALS:
        return _ordinal_text(_ORDINALS[word]), start + 1
    return None


def cardinal_as_ordinal(words: Sequence[str], start: int) -> tuple[str, int] | None:
    """Read "calle veintidós", "la 22" after its type word: the numbered street's name."""
    found = _small(words, start)
    if found is None or not 1 <= int(found[0]) <= 99:
        return None
    return _ordinal_text(int(found[0])), found[1]


def spoken_digits(words: Sequence[str]) -> str:
    """Read a number that is said in its digits: "one two, thirty four, 5678" is 12345678.

    Words that are no numbers are passed over; "" when there are only such.
    """
    found: list[str] = []
    at = 0
    while at < len(words):
        written = words[at].isdigit() and words[at].isascii()
        small = (words[at], at + 1) if written else _small(words, at)
        found.append("0" if words[at] == "o" else small[0] if small else "")
        at = small[1] if small else at + 1
    return "".join(found)


def _ordinal_text(value: int) -> str:
    suffix = "th" if 10 <= value % 100 <= 19 else _SUFFIXES.get(value % 10, "th")
    return f"{value}{suffix}"


def _join(groups: list[str], group: str) -> list[str]:
    """Put a group after the others: multiply, add into zeros, or stand beside them."""
    if not groups:
        return [group]
    last = groups[-1]
    if group == "100" and len(last) <= 2:
        return [*groups[:-1], last + "00"]
    if len(last) == 2 and last[0] > "1" and last[1] == "0" and _is_round_hundred(group):
        return [*groups[:-1], last[0] + group]
    return [*groups, group]


def _is_round_hundred(group: str) -> bool:
    """ "80 300" is how recognisers write eighty-three hundred."""
    return len(group) == 3 and group[0] != "0" and group.endswith("00")


def _group(words: Sequence[str], at: int, *, first: bool) -> tuple[str, int] | None:
    """One spoken group: "twenty two hundred five", "oh five", "2200", "dos mil doscientos"."""
    if at >= len(words):
        return None
    if first and words[at] in _HOMOPHONES and _short_number_follows(words, at + 1):
        return _HOMOPHONES[words[at]], at + 1
    if words[at] in {"oh", "o"} and at + 1 < len(words) and words[at + 1] in _HOMOPHONES:
        return "0" + _HOMOPHONES[words[at + 1]], at + 2
    if (words[at] in {"oh", "o"} and (unit := _small(words, at + 1)) is not None) and (
        len(unit[0]) == 1
    ):
        return "0" + unit[0], unit[1]
    return _large(words, at)


def _short_number_follows(words: Sequence[str], at: int) -> bool:
    """Whether up to three digits follow, so that one before them still makes a house number."""
    rest = house_number(words, at, may_mishear=False)
    return rest is not None and len(rest[0]) <= 3


def _large(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A group with its thousands and hundreds."""
    thousands, after = _below_thousand(words, at)
    if after < len(words) and words[after] in _THOUSAND and (after > at or words[at] == "mil"):
        head = (int(thousands) if thousands else 1) * 1000
        rest, end = _below_thousand(words, _skip_oh(words, after + 1))
        return str(head + int(rest or 0)), (end if rest else after + 1)
    return (thousands, after) if thousands else None


def _skip_oh(words: Sequence[str], at: int) -> int:
    return at + 1 if at < len(words) and words[at] in {"oh", "o", "and"} else at


def _below_thousand(words: Sequence[str], at: int) -> tuple[str, int]:
    """A part under ten thousand without the word thousand; "" when there is none."""
    if at < len(words) and words[at] in _HUNDREDS:
        return _with_tail(words, at + 1, _HUNDREDS[words[at]])
    if at < len(words) and words[at] == "hundred":
        return _with_tail(words, at + 1, 100)
    small = _small(words, at)
    if small is None:
        return "", at
    value, after = small
    if after < len(words) and words[after] == "hundred" and len(value) <= 2:
        return _with_tail(words, after + 1, int(value) * 100)
    if after < len(words) and words[after] == "hundred" and value.endswith("00"):
        return value, after + 1  # "the 2800 hundred block": the hundred was said and written
    return value, after


def _with_tail(words: Sequence[str], at: int, base: int) -> tuple[str, int]:
    """Add "twenty five" or "oh five" to a round number."""
    tail = _small(words, _skip_oh(words, at))
    if tail is None or len(tail[0]) > 2 or _starts_ordinal(words, at):
        return str(base), at
    return str(base + int(tail[0])), tail[1]


def _starts_ordinal(words: Sequence[str], at: int) -> bool:
    return ordinal(words, at) is not None


def _small(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A number under a hundred in words, or digits as they were written."""
    if at >= len(words) or _starts_ordinal(words, at):
        return None
    word = words[at]
    if word.isdigit() and word.isascii():
        return (word, at + 1) if len(word) <= LONGEST_NUMBER else None
    for table in (_UNITS, _TEENS, _TWENTIES):
        if word in table:
            return str(table[word]), at + 1
    return _tens(words, at) if word in _TENS else None


def _tens(words: Sequence[str], at: int) -> tuple[str, int]:
    """ "twenty two", "treinta y cinco"."""
    unit_at = at + 1
    if unit_at < len(words) and words[unit_at] == "y":
        unit_at += 1
    if unit_at < len(words) and _UNITS.get(words[unit_at], 0) > 0:
        return str(_TENS[words[at]] + _UNITS[words[unit_at]]), unit_at + 1
    return str(_TENS[words[at]]), at + 1
