"""The JSON door of uploaded prompts: take one, and let staff listen to it."""

from flask import Blueprint, Response, jsonify, make_response, request

from calltaker.authoring import orders, recordings
from calltaker.authoring.errors import UnusableError
from calltaker.authoring.recordings import MOST_BYTES
from calltaker.doorway import door
from calltaker.staff.guards import allowed
from calltaker.staff.permissions import Permission

recordings_api = Blueprint("recordings_api", __name__, url_prefix="/menus/api/recordings")


@recordings_api.post("")
@allowed(Permission.EDIT_DRAFTS)
def upload() -> Response:
    """Keep a sound; what it is, its bytes say."""
    sent = request.files.get("file")
    if sent is None:
        raise UnusableError("There is no file in the order.", "Choose a WAV or MP3 file.")
    data = sent.stream.read(MOST_BYTES + 1)
    name = request.form.get("name") or sent.filename or ""
    with orders.one_commit() as session:
        kept = recordings.take(session, data, name, orders.doing())
    return jsonify(id=kept.id, name=kept.name, seconds=kept.seconds)


@recordings_api.get("/<recording>")
@allowed(Permission.SEE_PUBLICATIONS)
def listen(recording: str) -> Response:
    """The sound itself, for staff. Its bytes never change, so a browser may keep them."""
    with door().runtime.reading() as session:
        found = recordings.read_recording(session, recording)
    answer = make_response(bytes(found.data))
    answer.headers["Content-Type"] = found.media_type
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer
