"""Reads the city's tags: the short words that its call-takers put on contacts. Knows no file."""

import re
from collections.abc import Mapping

from ivr.errors import CityPackError

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST = 30


def tags_of(document: object) -> Mapping[str, str]:
    """Read tags, key to title.

    Raises:
        CityPackError: lists every mistake.
    """
    given = document.get("tags") if isinstance(document, Mapping) else None
    if not isinstance(given, Mapping) or not given:
        raise CityPackError(["there is no map of tags"])
    titles = [str(title).casefold() for title in given.values()]
    mistakes = [
        f"{key}: a key of small letters and a title of at most {LONGEST} characters are wanted"
        for key, title in given.items()
        if not _KEY.fullmatch(str(key))
        or not isinstance(title, str)
        or not 0 < len(title.strip()) <= LONGEST
    ]
    mistakes += [
        f"{key}: another tag has this title"
        for key, title in given.items()
        if titles.count(str(title).casefold()) > 1
    ]
    if mistakes:
        raise CityPackError(mistakes)
    return {str(key): title.strip() for key, title in given.items()}
