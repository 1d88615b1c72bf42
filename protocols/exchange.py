"""A protocol as one JSON document, for sharing with the 911 side, and its JSON Schema.

The document has the shape that `reading` takes, so it is read by the same code
and refused with the same messages. Round trips are exact: a protocol written
and read again is equal. Knows no file and no page.
"""

from typing import Any

from protocols.script import Protocol

Document = dict[str, Any]
"""A JSON object."""

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def as_document(protocol: Protocol) -> Document:
    """Write a protocol as a JSON object."""
    raise NotImplementedError


def from_document(document: object, name: str = "document") -> Protocol:
    """Read a protocol from a JSON object.

    Raises:
        ProtocolError: every mistake, each with its line in the object written out
            with an indent of two.
    """
    raise NotImplementedError


def as_yaml(protocol: Protocol) -> str:
    """Write a protocol as YAML for a person to edit; `loading.load` reads it back equal."""
    raise NotImplementedError


def schema() -> Document:
    """Give the JSON Schema (2020-12) of a protocol document."""
    raise NotImplementedError
