"""`/voice/fallback`: what a number's fallback address answers. No database, no Redis, no effect.

Unsigned, so that nothing can stand between a caller and a person; it therefore reads only From
and Direction and offers no key. The same document is a static file of the city pack, to be hosted
apart: this is the demonstration's copy.
"""

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from ivr.runtime import Runtime
from ivr.turns import safe
from ivr.twiml import CONTENT_TYPE
from ivr.webhooks.form import Form

RESIDENTS = (
    *("/voice/fallback/resident", "/voice/call-back/"),
    *("/voice/heard/", "/voice/back/", "/voice/line/", "/voice/human/"),
)
"""What only a resident's leg asks for, whoever rang whom."""


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the address to the blueprint."""
    inbound = runtime.city.fallback_document.encode()
    ours = safe.farewell(runtime)

    @voice.route("/fallback", methods=["GET", "POST"])
    @voice.route("/fallback/resident", methods=["GET", "POST"])
    def fallback() -> Response:
        try:
            document = ours if is_ours(request.values) else inbound
        except HTTPException:
            document = inbound
        return Response(document, content_type=CONTENT_TYPE)


def is_ours(fields: Form) -> bool:
    """Say whether no resident is on this leg: a softphone's, or one that we dialled.

    A resident whom we rang back asks for addresses of their own.
    """
    if request.path.startswith(RESIDENTS):
        return False
    return fields.get("From", "").startswith("client:") or fields.get("Direction", "").startswith(
        "outbound"
    )
