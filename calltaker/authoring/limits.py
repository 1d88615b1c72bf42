"""How large an order about a document may be: a whole menu or protocol, or a sound.

Others keep the common limit of the application. Set before anything of the body is read.
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
        "publication_orders.save": _DOCUMENT,
        "protocol_orders.save": _DOCUMENT,
        "protocol_api.check": _DOCUMENT,
        "protocol_api.try_in_page": _DOCUMENT,
        "protocol_api.replay_of_text": _DOCUMENT,
        "protocol_api.take_in": _DOCUMENT,
        "protocol_pages.take_in": _DOCUMENT,
        "publications_api.check": _DOCUMENT,
        "publications_api.try_in_page": _DOCUMENT,
        "publications_api.try_by_telephone": _DOCUMENT,
        "menu_pages.write": _DOCUMENT,
        "here.take": 1_000,
        "recordings_api.upload": MOST_BYTES + _ENVELOPE,
    }
)


def widen() -> None:
    """Allow the endpoint of the request the body that it needs."""
    most = BODIES.get(request.endpoint or "")
    if most is not None:
        request.max_content_length = most
        request.max_form_memory_size = _DOCUMENT
