"""A few rules of the gate and a simple caller, enough for a page to talk to: the real ones are the product's."""

from typing import Any

FOLLOWERS = (
    "next",
    "opening",
    "unclear",
    "right",
    "give_up",
    "done",
    "declined",
    "failed",
    "otherwise",
)
NEEDED = {
    "say": ("next",),
    "ask_intent": ("next", "unclear"),
    "branch": ("otherwise",),
    "language": ("next", "opening"),
}
ENDS = {"line": "line", "goodbye": "goodbye", "emergency": "911", "human_line": "staffed number"}
WORDS_A_SECOND = 2.5


def examine(document: dict[str, Any]) -> dict[str, Any]:
    """What the gate answers: dead ends, nodes nobody reaches, languages that lack words."""
    nodes = document.get("nodes", {})
    found = [
        finding for name, node in nodes.items() for finding in _of_node(name, node, nodes, document)
    ]
    lengths = {
        name: {lang: _length(node, lang) for lang in ("en", "es")} for name, node in nodes.items()
    }
    return {
        "findings": found,
        "lengths": lengths,
        "seconds_to_person": 14.2,
        "longest_path": {"nodes": [], "seconds": 41.0, "choices": 2},
        "took_ms": 12.5,
    }


def _of_node(name: str, node: dict[str, Any], nodes: Any, document: Any) -> list[dict[str, Any]]:
    found = []
    for way, target in ways(node):
        if target not in nodes:
            found.append(
                _finding(
                    "L21",
                    "error",
                    name,
                    None,
                    f"{way} leads nowhere: a caller would be stranded here.",
                    "Lead it to a person, an answer or a goodbye.",
                    ["press 1", "silence"],
                )
            )
    for lang in ("en", "es"):
        if not all(said.strip() for said in _texts(node, lang)):
            found.append(
                _finding(
                    "L15",
                    "error",
                    name,
                    lang,
                    "There are no words in this language.",
                    "Write what a caller hears.",
                    [],
                )
            )
    if node.get("kind") == "information" and not node.get("verified_on"):
        found.append(
            _finding(
                "L21",
                "warning",
                name,
                None,
                "Nobody has verified this answer yet.",
                "Hold it against its source and set the day.",
                [],
            )
        )
    if name not in _reached(document):
        found.append(
            _finding("L21", "error", name, None, "No caller can get here.", "Lead a way to it.", [])
        )
    return found


def _finding(*values: Any) -> dict[str, Any]:
    names = ("code", "severity", "where", "language", "message", "mend", "example")
    return dict(zip(names, values, strict=True))


def ways(node: dict[str, Any]) -> list[tuple[str, str]]:
    """Every way out of a node and where it leads."""
    options = node.get("options", []) if node.get("kind") != "language" else []
    found = [
        (f"Key {one.get('key')}", one.get("next", "")) for one in options if not one.get("does")
    ]
    found += [(f"Case {name}", to) for name, to in node.get("cases", {}).items()]
    found += [(name, node[name]) for name in FOLLOWERS if isinstance(node.get(name), str)]
    return found


def _reached(document: dict[str, Any]) -> set[str]:
    nodes, waiting, seen = document.get("nodes", {}), [document.get("start")], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in nodes:
            continue
        seen.add(name)
        waiting += [to for _way, to in ways(nodes[name])]
    return seen


def _texts(node: dict[str, Any], lang: str) -> list[str]:
    said = [
        node[name][lang] for name in ("text", "thanks", "found") if isinstance(node.get(name), dict)
    ]
    if "prompt" in node:
        said.append(node["prompt"]["text"][lang])
    return [one["text"] if isinstance(one, dict) else one for one in said]


def _length(node: dict[str, Any], lang: str) -> dict[str, float]:
    words = sum(len(said.split()) for said in _texts(node, lang))
    return {"seconds": round(words / WORDS_A_SECOND, 1), "grade": 4.5}


def play(turn: dict[str, Any]) -> dict[str, Any]:
    """One turn of a call to the document: keys choose, 0 is a person, 9 is 911, silence repeats."""
    nodes = turn["document"]["nodes"]
    state, given = turn["state"], turn["input"]
    if state is None:
        return _walk(turn, turn["document"]["start"], "en")
    name, language, key = state["at"], state["language"], given.get("digits", "")
    node = nodes[name]
    if key == "9":
        return _ended([], "911", language, name)
    if key == "0":
        return _ended([_said(language, "I am taking you to a person.")], "line", language, name)
    if node["kind"] == "language" and key in ("1", "2"):
        return _walk(turn, node["next"], "en" if key == "1" else "es")
    words = given.get("speech", "").casefold()
    for one in node.get("options", []):
        if key == one["key"] or (words and words in one.get("words", {}).get(language, [])):
            return _walk(turn, one.get("next") or name, language)
    return _walk(turn, name, language)


def _walk(turn: dict[str, Any], name: str, language: str) -> dict[str, Any]:
    nodes, spoken, path = turn["document"]["nodes"], [], []
    while True:
        node = nodes.get(name)
        if node is None:
            return _ended(spoken, "stranded", language, *path)
        path.append(name)
        spoken += _spoken(node, language)
        if node["kind"] in ENDS:
            return _ended(spoken, ENDS[node["kind"]], language, *path)
        if node["kind"] == "branch":
            name = _branched(node, turn["facts"])
        elif node["kind"] == "say":
            name = node["next"]
        else:
            break
    return {
        "state": {"at": name, "language": language},
        "spoken": spoken,
        "listens": True,
        "over": False,
        "ended": "",
        "path": path,
        "notes": [],
    }


def _branched(node: dict[str, Any], facts: dict[str, Any]) -> str:
    case = "open" if facts.get("is_open", True) else "closed"
    if node["by"] == "switch":
        case = "on" if facts["switches"].get(node.get("switch")) else "off"
    return str(node["cases"].get(case) or node["otherwise"])


def _spoken(node: dict[str, Any], language: str) -> list[dict[str, str]]:
    if node["kind"] == "language":
        return [
            _said(one["language"], one["text"]) for one in (*node["greeting"], *node["options"])
        ]
    return [_said(language, said) for said in _texts(node, language)]


def _said(language: str, text: str) -> dict[str, str]:
    return {"language": language, "text": text, "recording": ""}


def _ended(spoken: list[Any], ended: str, language: str, *path: str) -> dict[str, Any]:
    return {
        "state": {"at": path[-1] if path else "", "language": language},
        "spoken": spoken,
        "listens": False,
        "over": True,
        "ended": ended,
        "path": list(path),
        "notes": [],
    }
