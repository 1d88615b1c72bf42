"""How large an order to the menus' door may be: a whole menu, or a sound. Others keep the common
limit of the application. Set before anything of the body is read.
"""

from types import MappingProxyType

from flask import request

from calltaker.authoring.documents import LONGEST_TEXT
from calltaker.authoring.recordings import MOST_BYTES

_ENVELOPE = 100_000
_DOCUMENT = 2 * LONGEST_TEXT + _ENVELOPE
"""Bytes: a letter of a Spanish text may take two."""
BODIES = MappingProxyType(
    {
        "publications_api.save": _DOCUMENT,
        "publications_api.check": _DOCUMENT,
        "publications_api.try_in_page": _DOCUMENT,
        "publications_api.try_by_telephone": _DOCUMENT,
        "menu_pages.write": _DOCUMENT,
        "recordings_api.upload": MOST_BYTES + _ENVELOPE,
    }
)


def widen() -> None:
    """Allow the endpoint of the request the body that it needs."""
    most = BODIES.get(request.endpoint or "")
    if most is not None:
        request.max_content_length = most
        request.max_form_memory_size = _DOCUMENT
