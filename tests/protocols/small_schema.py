"""The words of JSON Schema that ours uses, walked: no package for it is installed here.

A word it does not know is an error, so a schema that grows says so.
"""

import re

KINDS = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "number": int | float,
    "integer": int,
}
SILENT = {"$schema", "$id", "$defs", "title", "description"}


def faults(value, schema, whole=None, where="$"):
    """What of the value breaks the schema, each with its place; nothing if it is valid."""
    whole = whole or schema
    found = []
    for word, rule in schema.items():
        if word not in SILENT:
            found += WORDS[word](value, rule, schema, whole, where)
    return found


def _type(value, rule, schema, whole, where):
    number_asked = rule in ("number", "integer")
    fits = isinstance(value, KINDS[rule]) and not (number_asked and isinstance(value, bool))
    return [] if fits else [f"{where}: no {rule}"]


def _properties(value, rule, schema, whole, where):
    if not isinstance(value, dict):
        return []
    there = (name for name in rule if name in value)
    return [f for name in there for f in faults(value[name], rule[name], whole, f"{where}.{name}")]


def _additional(value, rule, schema, whole, where):
    if not isinstance(value, dict):
        return []
    others = [name for name in value if name not in schema.get("properties", {})]
    if rule is False:
        return [f"{where}: strange {name}" for name in others]
    return [f for name in others for f in faults(value[name], rule, whole, f"{where}.{name}")]


def _names(value, rule, schema, whole, where):
    return [f for name in value for f in faults(name, rule, whole, f"{where}.{name}")]


def _items(value, rule, schema, whole, where):
    if not isinstance(value, list):
        return []
    return [f for n, item in enumerate(value) for f in faults(item, rule, whole, f"{where}[{n}]")]


def _one_of(value, rule, schema, whole, where):
    fitting = [part for part in rule if not faults(value, part, whole, where)]
    return [] if len(fitting) == 1 else [f"{where}: {len(fitting)} of the shapes fit, not one"]


def _any_of(value, rule, schema, whole, where):
    fits = any(not faults(value, part, whole, where) for part in rule)
    return [] if fits else [f"{where}: no shape fits"]


def _reference(value, rule, schema, whole, where):
    return faults(value, whole["$defs"][rule.removeprefix("#/$defs/")], whole, where)


def _simple(holds, *kinds):
    """A word that says something of values of some kinds and nothing of others."""

    def word(value, rule, schema, whole, where):
        asked = isinstance(value, kinds) and not isinstance(value, bool)
        return [] if not asked or holds(value, rule) else [f"{where}: {value!r} breaks {rule!r}"]

    return word


WORDS = {
    "type": _type,
    "properties": _properties,
    "required": lambda v, r, s, w, at: [
        f"{at}: no {n}" for n in r if isinstance(v, dict) and n not in v
    ],
    "additionalProperties": _additional,
    "propertyNames": _names,
    "items": _items,
    "oneOf": _one_of,
    "anyOf": _any_of,
    "$ref": _reference,
    "const": lambda v, r, s, w, at: [] if v == r and type(v) is type(r) else [f"{at}: not {r!r}"],
    "enum": lambda v, r, s, w, at: [] if v in r else [f"{at}: none of {r!r}"],
    "pattern": _simple(lambda value, rule: re.search(rule, value), str),
    "maxLength": _simple(lambda value, rule: len(value) <= rule, str),
    "minimum": _simple(lambda value, rule: value >= rule, int, float),
    "maximum": _simple(lambda value, rule: value <= rule, int, float),
    "minItems": _simple(lambda value, rule: len(value) >= rule, list),
    "maxItems": _simple(lambda value, rule: len(value) <= rule, list),
    "minProperties": _simple(lambda value, rule: len(value) >= rule, dict),
}
