"""The door described for machines: an OpenAPI 3.1 document, written by hand, held to the routes by a test."""

from typing import Any

EIDO_FORM = "application/emergency.eido+json"
_NAME = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "Our incident's or handoff's id or urn, or your own incident's urn.",
    "schema": {"type": "string", "maxLength": 330},
}
_PACKET: dict[str, Any] = {
    "type": "object",
    "description": "EIDO JSON 1.0 (NENA-STA-021.1b), the whole present state.",
    "required": ["$id", "eidoVersion", "agencyComponent"],
    "properties": {"eidoVersion": {"const": "1.0"}},
}
_TIME = {"type": "string", "format": "date-time"}
_URN = {"type": ["string", "null"], "pattern": "^urn:emergency:uid:"}
_ACKNOWLEDGEMENT: dict[str, Any] = {
    "type": "object",
    "required": ["status", "packet_sha256", "at"],
    "properties": {
        "status": {"enum": ["received", "rejected"]},
        "packet_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "reasons": {"type": "array", "items": {"type": "string"}},
        "has_caller": {"type": "boolean", "description": "A person of yours has the caller."},
        "incident": _URN,
        "call": _URN,
        "at": _TIME,
    },
}
_COMPLETION: dict[str, Any] = {
    "type": "object",
    "required": ["outcome", "at"],
    "properties": {
        "outcome": {
            "enum": ["accepted", "declined", "duplicate", "returned", "no_answer", "caller_lost"]
        },
        "final_common_type": {"type": "string"},
        "disposition": {"type": "string", "pattern": "^(0[1-9]|[1-3][0-9]|4[0-5])$"},
        "incident": _URN,
        "call": _URN,
        "at": _TIME,
    },
}


def document(public_url: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Old Pueblo 311: handing contacts to 911 and back",
            "version": "1",
            "description": "Every message is idempotent; the voice call never waits for any.",
        },
        "servers": [{"url": public_url}],
        "security": [{"agency": []}],
        "components": {
            "securitySchemes": {
                "agency": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT, EdDSA (Ed25519); iss, aud, iat, exp (5 minutes), jti",
                }
            },
            "schemas": {
                "Packet": _PACKET,
                "Acknowledgement": _ACKNOWLEDGEMENT,
                "Completion": _COMPLETION,
                "Problem": _problem(),
            },
        },
        "paths": _paths(),
    }


def _problem() -> dict[str, Any]:
    finding = {
        "type": "object",
        "properties": {
            each: {"type": "string"} for each in ("rule", "severity", "path", "message")
        },
    }
    return {
        "type": "object",
        "required": ["status", "title", "what_to_do"],
        "properties": {
            "status": {"type": "integer"},
            "title": {"type": "string"},
            "what_to_do": {"type": "string"},
            "findings": {"type": "array", "items": finding},
            "faults": {"type": "array", "items": {"type": "string"}},
        },
    }


def _paths() -> dict[str, Any]:
    return {
        "/handoff/versions": {"get": _open("What is spoken here.")},
        "/IncidentData/Versions": {"get": _open("The same, under NENA's address.")},
        "/handoff/v1/openapi.json": {"get": _open("This document.")},
        "/handoff/v1/incidents": {"post": _post("Announce a call, or news of one.", "Packet", 201)},
        **_read("/handoff/v1/incidents/{name}", "The present packet of a handoff of yours."),
        **_read("/IncidentData/v1/incidents/{name}", "The same, under NENA's address."),
        **_reference("/handoff/v1/references/{name}"),
        **_reference("/IncidentData/v1/references/{name}"),
        "/handoff/v1/incidents/{name}/acknowledgement": {
            "parameters": [_NAME],
            "post": _post("Say that a packet came, and who has the caller.", "Acknowledgement"),
        },
        "/handoff/v1/incidents/{name}/completion": {
            "parameters": [_NAME],
            "post": _post("Say what became of it.", "Completion"),
        },
        "/handoff/v1/changes": {"get": _changes()},
        "/handoff/page/{code}": {"get": _page()},
    }


def _open(summary: str) -> dict[str, Any]:
    return {"summary": summary, "security": [], "responses": {"200": {"description": "JSON"}}}


def _read(path: str, summary: str) -> dict[str, Any]:
    forms = {
        form: {"schema": {"$ref": "#/components/schemas/Packet"}}
        for form in (EIDO_FORM, "application/json")
    }
    answers = {
        "200": {"description": "The packet; its hash is the ETag.", "content": forms},
        "304": {"description": "Nothing has changed."},
        **_refusals("401", "404", "406", "429"),
    }
    return {path: {"parameters": [_NAME], "get": {"summary": summary, "responses": answers}}}


def _reference(path: str) -> dict[str, Any]:
    answers = {
        "200": {"description": "The packet's address.", "content": {"text/plain": {}}},
        **_refusals("401", "404", "429"),
    }
    get = {"summary": "Where the packet is read.", "responses": answers}
    return {path: {"parameters": [_NAME], "get": get}}


def _post(summary: str, schema: str, made: int = 200) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    done = {"200": {"description": "Taken; the same again answers the same."}}
    if made != 200:
        done[str(made)] = {"description": "Taken: something new."}
    return {
        "summary": summary,
        "requestBody": {"required": True, "content": content},
        "responses": {**done, **_refusals("400", "401", "404", "413", "415", "422", "429")},
    }


def _changes() -> dict[str, Any]:
    since = {"name": "since", "in": "query", "schema": {"type": "integer", "minimum": 0}}
    return {
        "summary": "New versions of your packets since a position.",
        "parameters": [since],
        "responses": {"200": {"description": "changes, next"}, **_refusals("400", "401", "429")},
    }


def _page() -> dict[str, Any]:
    code = {"name": "code", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "summary": "The packet as a plain page, for a quarter of an hour.",
        "security": [],
        "parameters": [code],
        "responses": {"200": {"description": "A page"}, **_refusals("404", "429")},
    }


def _refusals(*statuses: str) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        each: {"description": "Refused, with the reason.", "content": problem} for each in statuses
    }
