"""Reading each kind of node from a document: its fields, its texts, its followers.

One method for each kind, found by the kind's name. Knows no whole document and no interpreter.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ivr.rules.folding import fold
from ivr.rules.menu_nodes import (
    BRANCH_CASES,
    AskIntentNode,
    AskLocationNode,
    AskNode,
    BranchNode,
    CallBackNode,
    ChooseNode,
    ConfirmNode,
    Does,
    EmergencyNode,
    GoodbyeNode,
    HumanLineNode,
    InformationNode,
    LanguageNode,
    LanguageOption,
    LineNode,
    LocationLinkNode,
    Node,
    SayNode,
    StatusNode,
    TransferNode,
    VoicemailNode,
)
from ivr.rules.menu_texts import Texts
from ivr.rules.menu_values import Place, shown
from models.states import PriorityClass

OPENS = frozenset({"opens_at"})
WAITING = frozenset({"opens_at", "wait", "position"})
OWN_NUMBER = WAITING | {"number"}
OWN_PHONE = frozenset({"your_phone"})
OF_REQUEST = frozenset({"request_number", "status", "service"})
LONGEST_VOICEMAIL = 180
"""Seconds of a message; Twilio would take an hour, nobody listens to one."""
_LENGTH_CASE = re.compile(r"[0-9]{1,4}(?:-[0-9]{1,4}|\+)?")
_ANSWER = re.compile(r"answer:[a-z][a-z0-9_]{0,39}")
_ANSWER_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        kind: frozenset(fields.split())
        for kind, fields in {
            "say": "text next",
            "language": "greeting options reprompts next opening timeout_seconds",
            "choose": "prompt options",
            "ask_intent": "prompt options next unclear",
            "ask_location": "prompt options change next",
            "location_link": "text prompt options next give_up declined",
            "ask": "name prompt options next",
            "confirm": "of prompt right change give_up",
            "information": "text prompt options source verified_on text_message",
            "status": "prompt found not_found next give_up",
            "voicemail": "text longest_seconds thanks next",
            "call_back": "prompt options done declined",
            "transfer": "to text failed",
            "line": "text priority skill",
            "emergency": "text",
            "human_line": "text",
            "goodbye": "text",
            "branch": "by line switch cases otherwise",
            "menu": "menu next",
            "return": "",
        }.items()
    }
)
"""Every kind of a document and its fields beside `kind`."""


class Kinds(Texts):
    """Readers of nodes. `menu` and `return` belong to the whole document, not to this."""

    def node(self, kind: str, given: Mapping[Any, Any], where: Place) -> Node:
        """The node of a kind that `FIELDS` knows, but for `menu` and `return`."""
        readers: Mapping[str, Callable[[Mapping[Any, Any], Place], Node]] = {
            "say": self._say,
            "language": self._language,
            "choose": self._choose,
            "ask_intent": self._ask_intent,
            "ask_location": self._ask_location,
            "location_link": self._location_link,
            "ask": self._ask,
            "confirm": self._confirm,
            "information": self._information,
            "status": self._status,
            "voicemail": self._voicemail,
            "call_back": self._call_back,
            "transfer": self._transfer,
            "line": self._line,
            "emergency": self._emergency,
            "human_line": self._human_line,
            "goodbye": self._goodbye,
            "branch": self._branch,
        }
        return readers[kind](given, where)

    # Nodes that nobody answers.

    def _say(self, node: Mapping[Any, Any], where: Place) -> SayNode:
        return SayNode(self.text(node, "text", where, WAITING), self.next(node, "next", where))

    def _branch(self, node: Mapping[Any, Any], where: Place) -> BranchNode:
        by = node.get("by")
        if not isinstance(by, str) or by not in BRANCH_CASES:
            known = ", ".join(BRANCH_CASES)
            self.wrong(where, f"branches by {shown(by)}, which is none of {known}")
            by = "language"
        cases = self.mapping(node.get("cases"), where.at("cases"))
        self._check_cases(by, cases, where)
        leads = {
            shown(value) if isinstance(value, int) else value: self.follow(
                name, where.at(f"case {value}")
            )
            for value, name in cases.items()
            if isinstance(value, str | int)
        }
        line = self.word(node.get("line"), where.at("line"), "main")
        switch = self.word(node.get("switch"), where.at("switch")) if by == "switch" else ""
        otherwise = self.next(node, "otherwise", where)
        return BranchNode(by, MappingProxyType(leads), otherwise, line, switch)

    def _check_cases(self, by: str, cases: Mapping[Any, Any], where: Place) -> None:
        """Cases of a closed set are of it, those of a length are numbers or ranges."""
        known = BRANCH_CASES.get(by)
        for value in cases:
            case = shown(value) if isinstance(value, int) else value
            if isinstance(value, bool) or not isinstance(case, str):
                self.wrong(where, f"case {shown(value)} is not a word; write it in quotes")
            elif known is not None and case not in known:
                self.wrong(where, f"case {shown(case)} is none of {', '.join(sorted(known))}")
            elif by == "line_length" and not _LENGTH_CASE.fullmatch(case):
                self.wrong(where, f"case {shown(case)} is not a length like 0, 1-4 or 5+")

    # Nodes that ask.

    def _language(self, node: Mapping[Any, Any], where: Place) -> LanguageNode:
        here = where.at("greeting")
        said = [self.mapping(one, here) for one in self.several(node.get("greeting"), here)]
        greeting = tuple(
            (language, self.words(one.get("text"), here.spoken_in(language)))
            for one in said
            if (language := self.tongue(one.get("language"), here))
        )
        here = where.at("options")
        rows = [self.mapping(one, here) for one in self.several(node.get("options"), here)]
        offers = tuple(offer for row in rows if (offer := self._offer(row, here)))
        self.check_keys([offer.key for offer in offers], here)
        return LanguageNode(
            greeting,
            offers,
            self.reprompts(node.get("reprompts"), where),
            self.next(node, "next", where),
            self.next(node, "opening", where),
            self.seconds(node.get("timeout_seconds", 7), where),
        )

    def _offer(self, offer: Mapping[Any, Any], where: Place) -> LanguageOption | None:
        self.known(offer, ("language", "key", "words", "text"), where)
        words = tuple(fold(word) for word in self.spoken_words(offer.get("words"), where))
        language = self.tongue(offer.get("language"), where)
        if language is None:
            return None
        text = self.words(offer.get("text"), where.spoken_in(language))
        return LanguageOption(language, self.key(offer.get("key")), words, text)

    def _choose(self, node: Mapping[Any, Any], where: Place) -> ChooseNode:
        prompt = self.prompt(node.get("prompt"), where, WAITING)
        return ChooseNode(prompt, self.options(node.get("options"), where))

    def _ask_intent(self, node: Mapping[Any, Any], where: Place) -> AskIntentNode:
        return AskIntentNode(
            self.prompt(node.get("prompt"), where),
            self.options(node.get("options", []), where),
            self.next(node, "next", where),
            self.next(node, "unclear", where),
        )

    def _ask_location(self, node: Mapping[Any, Any], where: Place) -> AskLocationNode:
        return AskLocationNode(
            self.prompt(node.get("prompt"), where, OWN_PHONE),
            self.options(node.get("options", []), where),
            self.text(node, "change", where, OWN_PHONE),
            self.next(node, "next", where),
        )

    def _location_link(self, node: Mapping[Any, Any], where: Place) -> LocationLinkNode:
        return LocationLinkNode(
            self.text(node, "text", where),
            self.prompt(node.get("prompt"), where),
            self.options(node.get("options"), where),
            self.next(node, "next", where),
            self.next(node, "give_up", where),
            self.next(node, "declined", where),
        )

    def _ask(self, node: Mapping[Any, Any], where: Place) -> AskNode:
        name = self.word(node.get("name"), where.at("name"))
        if name and not _ANSWER_NAME.fullmatch(name):
            self.wrong(where.at("name"), f"{shown(name)} is not a name like which_park")
        return AskNode(
            name,
            self.prompt(node.get("prompt"), where),
            self.options(node.get("options", []), where),
            self.next(node, "next", where),
        )

    def _confirm(self, node: Mapping[Any, Any], where: Place) -> ConfirmNode:
        of = self.word(node.get("of"), where.at("of"), "place")
        if of not in {"place", "intent"} and not _ANSWER.fullmatch(of):
            self.wrong(where.at("of"), f"{shown(of)} is none of place, intent, answer:NAME")
        variable = frozenset({"answer" if of.startswith("answer:") else of})
        return ConfirmNode(
            self.prompt(node.get("prompt"), where, must=variable),
            self.next(node, "right", where),
            self.next(node, "change", where),
            self.next(node, "give_up", where),
            of,
        )

    def _information(self, node: Mapping[Any, Any], where: Place) -> InformationNode:
        message = node.get("text_message")
        can = {Does.REPEAT} if message is None else {Does.REPEAT, Does.TEXT_ME}
        source = node.get("source")
        return InformationNode(
            self.text(node, "text", where, OPENS),
            self.prompt(node.get("prompt"), where),
            self.options(node.get("options"), where, frozenset(can)),
            "" if source in (None, "") else self.word(source, where.at("source")),
            self.day(node.get("verified_on"), where.at("verified_on")),
            None if message is None else self.text_message(message, where.at("text_message")),
        )

    def _status(self, node: Mapping[Any, Any], where: Place) -> StatusNode:
        return StatusNode(
            self.prompt(node.get("prompt"), where),
            self.text(node, "found", where, OF_REQUEST, frozenset({"status"})),
            self.text(node, "not_found", where, frozenset({"request_number"})),
            self.next(node, "next", where),
            self.next(node, "give_up", where),
        )

    def _call_back(self, node: Mapping[Any, Any], where: Place) -> CallBackNode:
        options = self.options(node.get("options"), where, frozenset({Does.CALL_BACK}))
        if sum(option.does is Does.CALL_BACK for option in options) != 1:
            self.wrong(where.at("options"), "exactly one option does call_back")
        return CallBackNode(
            self.prompt(node.get("prompt"), where, OWN_NUMBER),
            options,
            self.next(node, "done", where),
            self.next(node, "declined", where),
        )

    # Nodes that hand over, and endings.

    def _voicemail(self, node: Mapping[Any, Any], where: Place) -> VoicemailNode:
        why = f"a message lasts 10 to {LONGEST_VOICEMAIL} s"
        longest = self.number(
            node.get("longest_seconds", 120),
            10,
            LONGEST_VOICEMAIL,
            where.at("longest_seconds"),
            why,
        )
        follow = self.next(node, "next", where) if node.get("next") else ""
        text, thanks = self.text(node, "text", where, OPENS), self.text(node, "thanks", where)
        return VoicemailNode(text, int(longest), thanks, follow)

    def _transfer(self, node: Mapping[Any, Any], where: Place) -> TransferNode:
        entry = self.word(node.get("to"), where.at("to"))
        text = self.text(node, "text", where, OPENS)
        return TransferNode(entry, text, self.next(node, "failed", where))

    def _line(self, node: Mapping[Any, Any], where: Place) -> LineNode:
        given = node.get("priority", "ordinary")
        priority = next((one for one in PriorityClass if one.value == given), None)
        if priority is None:
            self.wrong(where, f"priority {shown(given)} is not a class of the line")
        skill = self.word(node.get("skill"), where.at("skill"), "general")
        text = self.text(node, "text", where, WAITING)
        return LineNode(priority or PriorityClass.ORDINARY, skill, text)

    def _emergency(self, node: Mapping[Any, Any], where: Place) -> EmergencyNode:
        return EmergencyNode(self.text(node, "text", where))

    def _human_line(self, node: Mapping[Any, Any], where: Place) -> HumanLineNode:
        return HumanLineNode(self.text(node, "text", where, OPENS))

    def _goodbye(self, node: Mapping[Any, Any], where: Place) -> GoodbyeNode:
        return GoodbyeNode(self.text(node, "text", where, OPENS))
