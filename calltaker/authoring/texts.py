"""A stored text as a page gets it, by the kind of its document."""

from typing import Any

from calltaker.authoring import documents, protocol_document
from models.states import PublicationKind


def shown(kind: PublicationKind, text: str) -> Any:
    """A document as data; None where its text cannot be read."""
    if kind is PublicationKind.PROTOCOL:
        return protocol_document.shown(text)
    return documents.shown(text)
