"""Reads a TwiML document and refuses what Twilio refuses, with Twilio's numbers.

Takes bytes and a content type, gives verbs; knows no call and runs nothing.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulator.errors import TwimlError
from simulator.twiml_rules import RULES, SCHEMA, SSML, VerbRule

LONGEST_DOCUMENT = 64 * 1024
LONGEST_INLINE = 4000
NOT_XML, BAD_ROOT, BAD_TYPE, TOO_LARGE = 12100, 12102, 12300, 11750
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
PAUSE_IN_WORDS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Verb:
    """One element: its attributes as written, its text with blanks collapsed, what it holds."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple["Verb", ...]

    def get(self, name: str, default: str) -> str:
        """An attribute, or what stands for it."""
        return self.attributes.get(name, default)

    def flag(self, name: str, *, default: bool) -> bool:
        """An attribute that is true or false."""
        return self.get(name, str(default)).lower() == "true"

    def number(self, name: str, default: int) -> int:
        """An attribute that is a whole number; `auto` counts as the default."""
        value = self.get(name, str(default))
        return default if value == "auto" else int(value)

    def method(self, name: str = "method") -> str:
        """POST or GET."""
        return self.get(name, "POST").upper()


@dataclass(frozen=True, slots=True)
class Document:
    """A document's verbs in order."""

    verbs: tuple[Verb, ...]

    def names(self) -> Iterator[str]:
        """The verbs' names at the top."""
        return (verb.name for verb in self.verbs)


def read_answer(content_type: str, body: bytes) -> Document:
    """Read what an application answered.

    Raises:
        TwimlError: 11750 larger than 64 KB, 12300 not XML by its content type, 12100 not well
            formed, 12102 another root than Response, 12200 and 13xxx against the rules.
    """
    kind = content_type.split(";")[0].strip().lower()
    if len(body) > LONGEST_DOCUMENT:
        raise TwimlError(TOO_LARGE, f"the document has {len(body)} bytes, more than 64 KB")
    if kind.startswith("audio/"):
        return Document((Verb("Play", {}, kind, ()),))
    if kind == "text/plain":
        return Document((Verb("Say", {}, body.decode("utf-8", "replace"), ()),))
    if kind not in XML_TYPES:
        raise TwimlError(BAD_TYPE, f"content type {content_type!r} is none that can be spoken")
    return read_document(body)


def read_document(body: bytes) -> Document:
    """Read TwiML; raises TwimlError as `read_answer` does."""
    # A document type could define entities that grow without end.
    if b"<!DOCTYPE" in body:
        raise TwimlError(NOT_XML, "a document type is not allowed")
    try:
        root = ET.fromstring(body)  # noqa: S314 - no document type, at most 64 KB
    except ET.ParseError as error:
        raise TwimlError(NOT_XML, f"document parse failure: {error}") from error
    if root.tag != "Response":
        raise TwimlError(BAD_ROOT, f"root element {root.tag!r} is not Response")
    return Document(_element(root).children)


def only(document: Document, allowed: frozenset[str], code: int) -> Document:
    """The document, if it has no other verbs than these (a waitUrl's); else TwimlError(code)."""
    for name in document.names():
        if name not in allowed:
            raise TwimlError(code, f"verb {name} is not allowed here")
    return document


def _element(element: ET.Element) -> Verb:
    rule = RULES[element.tag]
    attributes = dict(element.attrib)
    _check_attributes(element.tag, rule, attributes)
    spoken = [child for child in element if child.tag in SSML]
    children = tuple(_child(element.tag, rule, child) for child in element if child.tag not in SSML)
    return Verb(
        element.tag,
        attributes,
        _text(element, rule, allowed=bool(spoken or rule.longest_text)),
        children,
    )


def _child(parent: str, rule: VerbRule, child: ET.Element) -> Verb:
    if child.tag not in rule.children:
        raise TwimlError(rule.child_code, f"element {child.tag!r} is not allowed in {parent}")
    return _element(child)


def _check_attributes(name: str, rule: VerbRule, attributes: Mapping[str, str]) -> None:
    for attribute, value in attributes.items():
        allowed = rule.attributes.get(attribute)
        if allowed is None:
            raise TwimlError(SCHEMA, f"attribute {attribute!r} is not allowed in {name}")
        if not allowed.fits(value):
            raise TwimlError(allowed.code, f"{name}: invalid {attribute} value {value!r}")
    for missing in rule.required - set(attributes):
        raise TwimlError(SCHEMA, f"{name}: {missing} is missing")


def _text(element: ET.Element, rule: VerbRule, *, allowed: bool) -> str:
    own = "".join(_words(element))
    text = PAUSE_IN_WORDS.sub(" ", own).strip()
    if text and not allowed:
        raise TwimlError(SCHEMA, f"text is not allowed in {element.tag}")
    if rule.needs_text and not text:
        raise TwimlError(rule.text_code, f"{element.tag} is empty")
    if len(text) > (rule.longest_text or len(text)):
        raise TwimlError(rule.text_code, f"{element.tag}: more than {rule.longest_text} characters")
    return text


def _words(element: ET.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in SSML:
            yield " "
            yield from _words(child)
        yield child.tail or ""
