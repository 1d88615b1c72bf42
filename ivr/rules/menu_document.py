"""From a menu document to a graph: every mistake named at once, nothing half-accepted.

The document is parsed YAML or JSON of any shape; nothing in it is trusted.
Knows no file and no interpreter.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ivr.errors import MenuError
from ivr.rules.folding import fold
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    BranchNode,
    ChooseNode,
    ConfirmNode,
    EmergencyNode,
    GoodbyeNode,
    Graph,
    HumanLineNode,
    InformationNode,
    LanguageNode,
    LanguageOption,
    LineNode,
    Node,
    Option,
    Prompt,
    SayNode,
    Sentences,
    Text,
)
from models.states import Language, PriorityClass

LANGUAGES = tuple(Language)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f<>]")
_BRANCH_BY = ("language", "intent", "hours", "jurisdiction")
_OPTION_KEYS = "12345678"
_LONGEST_TEXT = 1000
_FIELDS: Mapping[str, frozenset[str]] = {
    "say": frozenset({"text", "next"}),
    "language": frozenset(
        {"greeting", "options", "reprompts", "next", "opening", "timeout_seconds"}
    ),
    "choose": frozenset({"prompt", "options"}),
    "ask_intent": frozenset({"prompt", "options", "next", "unclear"}),
    "ask_location": frozenset({"prompt", "options", "change", "next"}),
    "confirm": frozenset({"prompt", "right", "change", "give_up"}),
    "information": frozenset({"text", "prompt", "options"}),
    "line": frozenset({"text", "priority", "skill"}),
    "emergency": frozenset({"text"}),
    "human_line": frozenset({"text"}),
    "goodbye": frozenset({"text"}),
    "branch": frozenset({"by", "cases", "otherwise"}),
}


def compile_graph(document: object) -> Graph:
    """Compile a menu document.

    Raises:
        MenuError: lists every mistake with its node.
    """
    return _Compiler().graph(document)


class _Compiler:
    """Reads a document part by part and collects what is wrong with it."""

    def __init__(self) -> None:
        self._mistakes: list[str] = []
        self._followers: list[tuple[str, str]] = []

    def graph(self, document: object) -> Graph:
        whole = self._map(document, "menu")
        self._unknown(whole, {"key", "start", "sentences", "nodes"}, "menu")
        nodes = {
            str(name): self._node(node, str(name))
            for name, node in self._map(whole.get("nodes"), "nodes").items()
        }
        start = self._word(whole.get("start"), "menu: start")
        self._followers.append(("menu: start", start))
        graph = Graph(
            key=self._word(whole.get("key"), "menu: key"),
            start=start,
            nodes=MappingProxyType({name: node for name, node in nodes.items() if node}),
            sentences=self._sentences(whole.get("sentences")),
            languages=LANGUAGES,
        )
        self._check_followers(nodes)
        if self._mistakes:
            raise MenuError(self._mistakes)
        return graph

    def _check_followers(self, nodes: Mapping[str, object]) -> None:
        for where, name in self._followers:
            if name and name not in nodes:
                self._wrong(where, f"leads to {name!r}, which does not exist")

    # Nodes.

    def _node(self, given: object, name: str) -> Node | None:
        where = f"node {name}"
        node = self._map(given, where)
        kind = str(node.get("kind", ""))
        if kind not in _FIELDS:
            self._wrong(where, f"kind {kind!r} is none of {', '.join(_FIELDS)}")
            return None
        self._unknown(node, _FIELDS[kind] | {"kind"}, where)
        return self._of_kind(kind, node, where)

    def _of_kind(self, kind: str, node: Mapping[str, Any], where: str) -> Node | None:
        match kind:
            case "language":
                return self._language(node, where)
            case "say":
                return SayNode(self._text(node, "text", where), self._next(node, "next", where))
            case "branch":
                return self._branch(node, where)
            case "line":
                return self._line(node, where)
            case "emergency":
                return EmergencyNode(self._text(node, "text", where))
            case "human_line":
                return HumanLineNode(self._text(node, "text", where))
            case "goodbye":
                return GoodbyeNode(self._text(node, "text", where))
            case _:
                return self._asking(kind, node, where)

    def _asking(self, kind: str, node: Mapping[str, Any], where: str) -> Node:
        if kind == "confirm":
            return self._confirm(node, where)
        prompt = self._prompt(node.get("prompt"), where)
        options = self._options(node.get("options"), where)
        if kind == "ask_intent":
            follow, unclear = self._next(node, "next", where), self._next(node, "unclear", where)
            return AskIntentNode(prompt, options, follow, unclear)
        if kind == "ask_location":
            change = self._text(node, "change", where)
            return AskLocationNode(prompt, options, change, self._next(node, "next", where))
        if kind == "information":
            return InformationNode(self._text(node, "text", where), prompt, options)
        return ChooseNode(prompt, options)

    def _confirm(self, node: Mapping[str, Any], where: str) -> ConfirmNode:
        return ConfirmNode(
            self._prompt(node.get("prompt"), where, placeholders={"place"}),
            self._next(node, "right", where),
            self._next(node, "change", where),
            self._next(node, "give_up", where),
        )

    def _branch(self, node: Mapping[str, Any], where: str) -> BranchNode:
        by = str(node.get("by", ""))
        if by not in _BRANCH_BY:
            self._wrong(where, f"branches by {by!r}, which is none of {', '.join(_BRANCH_BY)}")
        cases = {
            str(value): self._follow(name, f"{where}, case {value}")
            for value, name in self._map(node.get("cases"), f"{where}: cases").items()
        }
        return BranchNode(by, MappingProxyType(cases), self._next(node, "otherwise", where))

    def _line(self, node: Mapping[str, Any], where: str) -> LineNode:
        try:
            priority = PriorityClass(str(node.get("priority", "ordinary")))
        except ValueError:
            self._wrong(where, f"priority {node.get('priority')!r} is not a class of the line")
            priority = PriorityClass.ORDINARY
        skill = self._word(node.get("skill", "general"), f"{where}: skill")
        return LineNode(priority, skill, self._text(node, "text", where))

    def _language(self, node: Mapping[str, Any], where: str) -> LanguageNode:
        greeting = tuple(
            (language, self._spoken(said.get("text"), f"{where}: greeting"))
            for said in self._maps(node.get("greeting"), f"{where}: greeting")
            if (language := self._tongue(said.get("language"), f"{where}: greeting"))
        )
        offers = self._maps(node.get("options"), f"{where}: options")
        options = [self._offer(offer, where) for offer in offers]
        self._check_keys([option.key for option in options if option], where)
        return LanguageNode(
            greeting,
            tuple(option for option in options if option),
            self._reprompts(node.get("reprompts"), where),
            self._next(node, "next", where),
            self._next(node, "opening", where),
            self._seconds(node.get("timeout_seconds", 7), where),
        )

    def _offer(self, offer: Mapping[str, Any], where: str) -> LanguageOption | None:
        self._unknown(offer, {"language", "key", "words", "text"}, where)
        language = self._tongue(offer.get("language"), f"{where}: options")
        words = tuple(fold(str(word)) for word in self._list(offer.get("words"), where))
        text = self._spoken(offer.get("text"), f"{where}: options")
        if language is None:
            return None
        return LanguageOption(language, str(offer.get("key", "")), words, text)

    # Parts of nodes.

    def _prompt(self, given: object, where: str, placeholders: set[str] | None = None) -> Prompt:
        prompt = self._map(given, f"{where}: prompt")
        known = {"text", "reprompts", "timeout_seconds", "hints"}
        self._unknown(prompt, known, f"{where}: prompt")
        hints = tuple(str(hint) for hint in self._list(prompt.get("hints", []), where))
        return Prompt(
            self._text(prompt, "text", where, placeholders),
            self._reprompts(prompt.get("reprompts"), where, placeholders),
            self._seconds(prompt.get("timeout_seconds", 7), where),
            hints,
        )

    def _reprompts(
        self, given: object, where: str, placeholders: set[str] | None = None
    ) -> tuple[Text, Text]:
        """Two re-prompts that differ: the same words again help nobody."""
        found = self._list(given, f"{where}: reprompts")
        if len(found) != 2:
            self._wrong(where, "needs exactly two re-prompts")
        texts = [self._texts(text, f"{where}: reprompt", placeholders) for text in found[:2]]
        if len(texts) == 2 and any(texts[0][lang] == texts[1][lang] for lang in LANGUAGES):
            self._wrong(where, "its two re-prompts are the same")
        while len(texts) < 2:
            texts.append(dict.fromkeys(LANGUAGES, ""))
        return texts[0], texts[1]

    def _options(self, given: object, where: str) -> tuple[Option, ...]:
        options = [self._option(option, where) for option in self._maps(given, f"{where}: options")]
        self._check_keys([option.key for option in options], where)
        return tuple(options)

    def _option(self, option: Mapping[str, Any], where: str) -> Option:
        self._unknown(option, {"key", "words", "next", "intent"}, f"{where}: option")
        spoken = self._map(option.get("words"), f"{where}: option words")
        for language in LANGUAGES:
            if not spoken.get(language.value):
                self._wrong(where, f"option {option.get('key')} has no words in {language}")
        words = tuple(
            fold(str(word)) for group in spoken.values() for word in self._list(group, where)
        )
        follow = self._follow(option.get("next"), f"{where}, option {option.get('key')}")
        return Option(str(option.get("key", "")), words, follow, str(option.get("intent", "")))

    def _check_keys(self, keys: list[str], where: str) -> None:
        for key in keys:
            if len(key) != 1 or key not in _OPTION_KEYS:
                self._wrong(where, f"key {key!r} is not one of {_OPTION_KEYS} (9 0 * # are taken)")
        if len(set(keys)) != len(keys):
            self._wrong(where, "a key stands twice")

    def _sentences(self, given: object) -> Sentences:
        sentences = self._map(given, "sentences")
        names = ("escalation_confirm", "danger_question", "connecting_911", "to_a_person")
        self._unknown(sentences, set(names), "sentences")
        return Sentences(*(self._text(sentences, name, "sentences") for name in names))

    # Values.

    def _text(
        self,
        node: Mapping[str, Any],
        name: str,
        where: str,
        placeholders: set[str] | None = None,
    ) -> Text:
        return self._texts(node.get(name), f"{where}: {name}", placeholders)

    def _texts(
        self, given: object, where: str, placeholders: set[str] | None = None
    ) -> Mapping[Language, str]:
        texts = self._map(given, where)
        self._unknown(texts, {language.value for language in LANGUAGES}, where)
        return MappingProxyType(
            {
                language: self._spoken(
                    texts.get(language.value), f"{where} ({language})", placeholders
                )
                for language in LANGUAGES
            }
        )

    def _spoken(self, given: object, where: str, placeholders: set[str] | None = None) -> str:
        if not isinstance(given, str) or not given.strip():
            self._wrong(where, "no words to speak")
            return ""
        if len(given) > _LONGEST_TEXT or _UNSPEAKABLE.search(given):
            self._wrong(where, "too long, or with characters that cannot be spoken")
        if set(_PLACEHOLDER.findall(given)) != (placeholders or set()):
            expected = ", ".join(sorted(placeholders or set())) or "none"
            self._wrong(where, f"placeholders differ from those expected here: {expected}")
        return " ".join(given.split())

    def _tongue(self, given: object, where: str) -> Language | None:
        try:
            return Language(str(given))
        except ValueError:
            self._wrong(where, f"{given!r} is not a language of this line")
            return None

    def _seconds(self, given: object, where: str) -> float:
        if isinstance(given, bool) or not isinstance(given, int | float) or not 5 <= given <= 10:
            self._wrong(where, f"waits {given!r} s; a first answer gets 5 to 10 s")
            return 7.0
        return float(given)

    def _next(self, node: Mapping[str, Any], name: str, where: str) -> str:
        return self._follow(node.get(name), f"{where}: {name}")

    def _follow(self, given: object, where: str) -> str:
        name = self._word(given, where)
        self._followers.append((where, name))
        return name

    def _word(self, given: object, where: str) -> str:
        if not isinstance(given, str) or not given.strip():
            self._wrong(where, "is missing")
            return ""
        return given

    def _map(self, given: object, where: str) -> Mapping[str, Any]:
        if isinstance(given, Mapping):
            return given
        self._wrong(where, "is missing" if given is None else "is not a map")
        return {}

    def _maps(self, given: object, where: str) -> list[Mapping[str, Any]]:
        return [self._map(item, where) for item in self._list(given, where)]

    def _list(self, given: object, where: str) -> list[Any]:
        if isinstance(given, list) and len(given) <= 100:
            return given
        self._wrong(where, "is not a list of at most 100")
        return []

    def _unknown(
        self, node: Mapping[str, Any], known: set[str] | frozenset[str], where: str
    ) -> None:
        for name in node:
            if name not in known:
                self._wrong(where, f"{name!r} is not known here")

    def _wrong(self, where: str, what: str) -> None:
        self._mistakes.append(f"{where}: {what}")
