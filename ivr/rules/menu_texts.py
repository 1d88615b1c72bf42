"""Reading the texts of a menu: words by language, prompts with their re-prompts, options.

Knows what may be spoken and which variables a text may hold; knows no kind of node.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ivr.rules.folding import fold
from ivr.rules.menu_nodes import Does, Option, Prompt, Text, Words
from ivr.rules.menu_values import LANGUAGES, UNSPEAKABLE, Place, Values, shown

OPTION_KEYS = "12345678"
LONGEST_TEXT = 1000
LONGEST_TEXT_MESSAGE = 480
"""Characters of a text message: three parts of one."""
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_RECORDING = re.compile(r"[0-9a-f]{64}")
_SILENCE = Words("")
_TONGUES = tuple(language.value for language in LANGUAGES)
NONE: frozenset[str] = frozenset()


class Texts(Values):
    """Readers of what is spoken and of what may be answered."""

    def __init__(self) -> None:
        super().__init__()
        self.followers: list[tuple[Place, str]] = []

    # What is spoken.

    def text(
        self,
        node: Mapping[Any, Any],
        name: str,
        where: Place,
        may: frozenset[str] = NONE,
        must: frozenset[str] = NONE,
    ) -> Text:
        """A text of a node in every language, with variables of `may`, and all of `must`."""
        return self.texts(node.get(name), where.at(name), may, must)

    def texts(
        self,
        given: object,
        where: Place,
        may: frozenset[str] = NONE,
        must: frozenset[str] = NONE,
    ) -> Text:
        """A text in every language; every language has the same variables."""
        texts = self.mapping(given, where)
        self.known(texts, _TONGUES, where)
        found = {
            language: self.words(texts.get(language.value), where.spoken_in(language), may, must)
            for language in LANGUAGES
        }
        if len({frozenset(words.names) for words in found.values() if words.text}) > 1:
            self.wrong(where, "placeholders differ between the languages")
        return MappingProxyType(found)

    def words(
        self,
        given: object,
        where: Place,
        may: frozenset[str] = NONE,
        must: frozenset[str] = NONE,
    ) -> Words:
        """The words of one language: a string, or a recording with its transcript."""
        if isinstance(given, Mapping):
            return self._recorded(given, where, may, must)
        text = self.speakable(given, where, LONGEST_TEXT)
        names = tuple(dict.fromkeys(_VARIABLE.findall(text)))
        if not must <= set(names) <= may | must:
            expected = ", ".join(sorted(may | must)) or "none"
            self.wrong(where, f"placeholders differ from those expected here: {expected}")
            return Words(text)
        if "{" in _VARIABLE.sub("", text) or "}" in _VARIABLE.sub("", text):
            self.wrong(where, "a brace of a placeholder stands alone")
        return Words(text, names=names)

    def _recorded(
        self, given: Mapping[Any, Any], where: Place, may: frozenset[str], must: frozenset[str]
    ) -> Words:
        self.known(given, ("text", "recording"), where)
        text = given.get("text")
        words = self.words("" if isinstance(text, Mapping) else text, where, may, must)
        recording = given.get("recording")
        if recording is None or recording == "":
            return words
        if not isinstance(recording, str) or not _RECORDING.fullmatch(recording):
            self.wrong(where, f"recording {shown(recording)} is not the id of a recording")
            return words
        if words.names:
            self.wrong(where, "a text with placeholders cannot be a recording")
        return Words(words.text, recording)

    def speakable(self, given: object, where: Place, longest: int) -> str:
        """A text in one line that may be spoken; "" where there is none."""
        if not isinstance(given, str) or not given.strip():
            self.wrong(where, "no words to speak")
            return ""
        if len(given) > longest or UNSPEAKABLE.search(given):
            self.wrong(where, "too long, or with characters that cannot be spoken")
            return ""
        return " ".join(given.split())

    def text_message(self, given: object, where: Place) -> Text:
        """A message for the caller's telephone, in every language."""
        texts = self.mapping(given, where)
        self.known(texts, _TONGUES, where)
        return MappingProxyType(
            {
                language: Words(
                    self.speakable(
                        texts.get(language.value), where.spoken_in(language), LONGEST_TEXT_MESSAGE
                    )
                )
                for language in LANGUAGES
            }
        )

    # Prompts.

    def prompt(
        self, given: object, where: Place, may: frozenset[str] = NONE, must: frozenset[str] = NONE
    ) -> Prompt:
        """What is spoken before listening."""
        prompt, where = self.mapping(given, where.at("prompt")), where.at("prompt")
        self.known(prompt, ("text", "reprompts", "timeout_seconds", "hints"), where)
        return Prompt(
            self.text(prompt, "text", where, may, must),
            self.reprompts(prompt.get("reprompts"), where, may, must),
            self.seconds(prompt.get("timeout_seconds", 7), where),
            self.spoken_words(prompt.get("hints", []), where.at("hints")),
        )

    def reprompts(
        self, given: object, where: Place, may: frozenset[str] = NONE, must: frozenset[str] = NONE
    ) -> tuple[Text, Text]:
        """Two re-prompts that differ: the same words again help nobody."""
        found, where = self.several(given, where.at("reprompts")), where.at("reprompts")
        if len(found) != 2:
            self.wrong(where, "needs exactly two re-prompts")
        texts = [
            self.texts(text, where.at(str(number)), may, must)
            for number, text in enumerate(found[:2], start=1)
        ]
        if len(texts) == 2 and any(_same(texts[0][lang], texts[1][lang]) for lang in LANGUAGES):
            self.wrong(where, "its two re-prompts are the same")
        while len(texts) < 2:
            texts.append(MappingProxyType(dict.fromkeys(LANGUAGES, _SILENCE)))
        return texts[0], texts[1]

    def seconds(self, given: object, where: Place) -> float:
        """How long a first answer is waited for."""
        why = "a first answer gets 5 to 10 s"
        return self.number(given, 5, 10, where.at("timeout_seconds"), why)

    # Options.

    def options(
        self, given: object, where: Place, does: frozenset[Does] = frozenset()
    ) -> tuple[Option, ...]:
        """The options of a node; some may do something of `does` instead of leading on."""
        where = where.at("options")
        rows = [self.mapping(row, where) for row in self.several(given, where)]
        options = tuple(self._option(row, where, does) for row in rows)
        self.check_keys([option.key for option in options], where)
        return options

    def _option(self, option: Mapping[Any, Any], where: Place, does: frozenset[Does]) -> Option:
        key = self.key(option.get("key"))
        where = where.at(f"key {key}" if len(key) == 1 else "option")
        self.known(option, ("key", "words", "next", "intent") + ("does",) * bool(does), where)
        words = tuple(fold(word) for word in self._twins(option.get("words"), where))
        intent = option.get("intent", "")
        intent = "" if intent in ("", None) else self.word(intent, where.at("intent"))
        done = self._does(option, where, does)
        follow = "" if done is not Does.NOTHING else self.follow(option.get("next"), where)
        return Option(key, tuple(word for word in words if word), follow, intent, done)

    def _does(self, option: Mapping[Any, Any], where: Place, does: frozenset[Does]) -> Does:
        given = option.get("does")
        if given is None or given == "" or not does:
            return Does.NOTHING
        found = next((one for one in does if one.value == given), None)
        if found is None:
            can = ", ".join(sorted(does))
            self.wrong(where.at("does"), f"{shown(given)} is none of {can}")
            return Does.REPEAT
        if option.get("next"):
            self.wrong(where, "has both a next node and something that it does")
        return found

    def _twins(self, given: object, where: Place) -> Iterator[str]:
        """The words of an option in every language: none of them only by key."""
        here = where.at("words")
        spoken = self.mapping(given, here)
        self.known(spoken, _TONGUES, here)
        for language in LANGUAGES:
            words = spoken.get(language.value)
            if not words:
                self.wrong(where.spoken_in(language), f"has no words in {language}")
                continue
            yield from self.spoken_words(words, here.spoken_in(language))

    def check_keys(self, keys: list[str], where: Place) -> None:
        """Every key is one that an option may have, and stands once."""
        for key in keys:
            if len(key) != 1 or key not in OPTION_KEYS:
                what = f"key {shown(key)} is not one of {OPTION_KEYS} (9 0 * # are taken)"
                self.wrong(where, what)
        if len(set(keys)) != len(keys):
            self.wrong(where, "a key stands twice")

    # Followers.

    def next(self, node: Mapping[Any, Any], name: str, where: Place) -> str:
        """The node that a field leads to; it is looked for when all nodes are known."""
        return self.follow(node.get(name), where.at(name))

    def follow(self, given: object, where: Place) -> str:
        """The node that a value leads to."""
        name = self.word(given, where)
        if name:
            self.followers.append((where, name))
        return name


def _same(one: Words, other: Words) -> bool:
    return bool(one.text) and one.text == other.text
