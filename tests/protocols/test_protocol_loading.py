"""Reading a document: every mistake at once with its line, and nothing a hostile one can break."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_samples import LIBRARY_IDS, library, library_text

from protocols import loading
from protocols.conditions import All, Compare, Not, OneOf, Operator
from protocols.errors import ProtocolError
from protocols.sections import MOST_MISTAKES

pytestmark = pytest.mark.rules

SMALL = """\
id: small
version_note: For a test.
title: {en: Small, es: Chico}
approval: pending
sources: [a test]
questions:
  - id: smoke
    kind: choice
    safety: true
    text: {en: Smoke?, es: ¿Humo?}
    options:
      - {id: yes, danger: true, text: {en: Yes, es: Sí}}
      - {id: no, danger: false, text: {en: No, es: No}}
  - id: minutes
    kind: number
    least: 0
    most: 600
    ask_if: {question: smoke, is: no}
    text: {en: How many minutes?, es: ¿Cuántos minutos?}
  - id: where
    kind: text
    text: {en: Where?, es: ¿Dónde?}
rules:
  - id: fire
    when: {question: smoke, is: yes}
    determinant: call_911
  - id: long
    when: {all: [{question: minutes, at_least: 30}, {not: {question: smoke, in: [yes, unknown]}}]}
    determinant: note_it
otherwise: note_it
determinants:
  - id: call_911
    level: emergency
    emergency: true
    priority: 10
    title: {en: Fire, es: Incendio}
    destination: {kind: 911, key: by_jurisdiction}
    common_code: THAZ
    request_code: none
    script: {en: Stay., es: Espere.}
    advice: {en: Leave., es: Salga.}
  - id: note_it
    level: routine
    emergency: false
    priority: 1
    title: {en: Note, es: Nota}
    destination: {kind: department, key: fire}
    common_code: PUBWKS
    request_code: smoke
    script: {en: Noted., es: Anotado.}
    advice: {en: Wait., es: Espere.}
tests:
  - id: burns
    answers: {smoke: yes}
    determinant: call_911
"""


def mistakes_of(text):
    with pytest.raises(ProtocolError) as refused:
        loading.load(text, "small")
    return refused.value.mistakes


def with_change(old, new):
    """The small document with one change, and the line of the change."""
    assert SMALL.count(old) >= 1, old
    return SMALL.replace(old, new, 1), SMALL[: SMALL.index(old)].count("\n") + 1


def test_a_good_document_becomes_a_protocol():
    script = loading.load(SMALL, "small")
    assert [question.id for question in script.questions] == ["smoke", "minutes", "where"]
    assert script.question_by_id["smoke"].red_flags[0].id == "yes"
    assert script.question_by_id["minutes"].ask_if == OneOf("smoke", frozenset({"no"}))
    assert script.rules[1].when == All(
        (
            Compare("minutes", Operator.AT_LEAST, 30),
            Not(OneOf("smoke", frozenset({"yes", "unknown"}))),
        )
    )
    assert script.determinant_by_id["note_it"].request_code == "smoke"
    assert script.determinant_by_id["call_911"].request_code is None
    assert script.approval.pending


def test_plain_yes_and_no_stay_words_and_never_become_true_and_false():
    options = loading.load(SMALL, "small").question_by_id["smoke"].options
    assert [option.id for option in options] == ["yes", "no"]


def test_an_approval_names_who_and_when():
    approved = SMALL.replace("approval: pending", "approval: {by: Chief A, on: 2026-03-31}")
    approval = loading.load(approved, "small").approval
    assert (approval.by, str(approval.on), approval.pending) == ("Chief A", "2026-03-31", False)


MISTAKES = [
    # change this                     into this                          code   where                     says
    ("id: small",                     "id: Small One",                   "E00", "protocol",               "small letters, digits and _"),
    ("version_note: For a test.",     "version_nite: For a test.",       "E00", "protocol",               "no key 'version_nite'; nearest \"version_note\""),
    ("approval: pending",             "approval: maybe",                 "E00", "protocol",               "approval is pending, or has by and on"),
    ("approval: pending",             "approval: {by: A, on: soon}",     "E00", "approval",               "on must be a date"),
    ("sources: [a test]",             "sources: a test",                 "E00", "protocol",               "sources must be a list"),
    ("title: {en: Small, es: Chico}", "title: {en: Small}",              "E17", "protocol, title",        "es is missing"),
    ("es: ¿Humo?",                    "es: ''",                          "E17", "question smoke, text",   "es is empty"),
    ("en: Smoke?",                    'en: "\\a?"',                      "E00", "question smoke, text",   "cannot be shown"),
    ("en: Smoke?",                    'en: "\\u202eSmoke?"',             "E00", "question smoke, text",   "cannot be shown"),
    ("en: Smoke?",                    "en: [Smoke]",                     "E00", "question smoke, text",   "en must be text"),
    ("kind: number",                  "kind: numbr",                     "E00", "question minutes",       "kind 'numbr' must be one of choice, number, text"),
    ("safety: true",                  "safety: yes",                     "E00", "question smoke",         "safety must be true or false"),
    ("danger: true, ",                "",                                "E00", "question smoke, option yes", "danger is missing"),
    ("least: 0",                      "least: few",                      "E00", "question minutes",       "least must be a number"),
    ("least: 0",                      "least: 601",                      "E00", "question minutes",       "least is above most"),
    ("kind: text",                    "kind: text\n    safety: true",    "E06", "question where",         "free text never decides"),
    ("kind: text",                    "kind: text\n    worse: higher",   "E00", "question where",         "worse belongs to a number only"),
    ("id: yes,",                      "id: unknown,",                    "E00", "question smoke, option unknown", "the engine's own word"),
    ("- id: minutes",                 "- id: smoke",                     "E03", "question smoke",         "'smoke' is used at lines 7 and 14"),
    ("id: no,",                       "id: yes,",                        "E03", "question smoke, option yes", "'yes' is used at lines 12 and 13"),
    ("- id: long",                    "- id: fire",                      "E03", "rule fire",              "is used at lines"),
    ("- id: long",                    "- id: otherwise",                 "E00", "rule otherwise",         "give the rule another id"),
    ("- id: note_it",                 "- id: call_911",                  "E03", "determinant call_911",   "is used at lines"),
    ("least: 0",                      "kind: number",                    "E03", "question minutes",       "'kind' stands here twice"),
    ("question: smoke, is: no",       "question: minutes, is: no",       "E02", "question minutes, ask_if", "reads its own question"),
    ("question: smoke, is: no",       "question: where, is: no",         "E05", "question minutes, ask_if", "where is asked later"),
    ("question: smoke, is: no",       "question: smoek, is: no",         "E01", "question minutes, ask_if", "no question 'smoek'; nearest \"smoke\""),
    ("question: smoke, is: yes",      "question: smoke, is: maybe",      "E06", "rule fire",              "'maybe' is not an answer to smoke (yes, no, unknown, refused)"),
    ("question: smoke, is: yes",      "question: smoke, is: [yes]",      "E06", "rule fire",              "use in: for several"),
    ("question: smoke, is: yes",      "question: smoke, at_least: 2",    "E06", "rule fire",              "smoke is no number"),
    ("question: smoke, is: yes",      "question: where, is: here",       "E06", "rule fire",              "where is free text"),
    ("question: smoke, is: yes",      "question: smoke",                 "E00", "rule fire",              "exactly one of is, in"),
    ("question: smoke, is: yes",      "is: yes",                         "E00", "rule fire",              "exactly one of all, any, not"),
    ("question: smoke, is: yes",      "always: perhaps",                 "E00", "rule fire",              "always must be true or false"),
    ("question: smoke, is: yes",      "always: true, is: yes",           "E00", "rule fire",              "is goes with question, not with always"),
    ("question: smoke, is: yes",      "any: []",                         "E00", "rule fire",              "any has 0 entries"),
    ("at_least: 30",                  "is: 30",                          "E06", "rule long",              "minutes is a number; compare it with"),
    ("at_least: 30",                  "at_least: half an hour",          "E06", "rule long",              "at_least needs a number"),
    ("when: {question: smoke, is: yes}", "when: smoke == yes",           "E00", "rule fire",              "needs keys and values"),
    ("determinant: call_911",         "determinant: call_912",           "E01", "rule fire",              "no determinant 'call_912'; nearest \"call_911\""),
    ("otherwise: note_it",            "otherwise: nowt",                 "E01", "protocol",               "no determinant 'nowt'"),
    ("level: routine",                "level: mild",                     "E00", "determinant note_it",    "must be one of emergency, urgent, routine, information"),
    ("level: routine",                "level: emergency",                "E00", "determinant note_it",    "go together"),
    ("emergency: true",               "emergency: false",                "E00", "determinant call_911",   "go together"),
    ("kind: 911",                     "kind: department",                "E00", "determinant call_911",   "go together"),
    ("priority: 10",                  "priority: 11",                    "E00", "determinant call_911",   "priority must be a whole number from 0 to 10"),
    ("priority: 10",                  "priority: 9.5",                   "E00", "determinant call_911",   "priority must be a whole number"),
    ("    common_code: THAZ\n",       "",                                "E16", "determinant call_911",   "common_code is missing"),
    ("    request_code: none\n",      "",                                "E16", "determinant call_911",   "request_code is missing"),
    ("answers: {smoke: yes}",         "answers: {smoke: perhaps}",       "E06", "test burns",             "smoke: 'perhaps' is not an option"),
    ("answers: {smoke: yes}",         "answers: {smok: yes}",            "E01", "test burns",             "no question 'smok'"),
    ("answers: {smoke: yes}",         "answers: {minutes: 601}",         "E06", "test burns",             "minutes: 601 is above 600"),
    ("answers: {smoke: yes}",         "answers: [smoke]",                "E00", "test burns",             "a table of question and answer"),
    ("id: small",                     "id: !!python/name:os.system small", "E00", "document",             "tags (!) are not used here"),
    ("id: small",                     "id: &name small",                 "E00", "document",               "anchors (&) are not used here"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "where", "says"), MISTAKES)
def test_i6_each_mistake_is_named_with_its_line_item_and_reason(old, new, code, where, says):
    text, line = with_change(old, new)
    mistakes = mistakes_of(text)
    assert (code, where) in [(mistake.code, mistake.where) for mistake in mistakes]
    found = next(m for m in mistakes if (m.code, m.where) == (code, where) and says in m.message)
    assert abs(found.line - line) <= 8  # of the entry itself, or of the table it is missing from
    assert len(mistakes) <= 3


EXACT = [
    ("question: smoke, is: no", "question: smoek, is: no"),
    ("level: routine", "level: mild"),
    ("answers: {smoke: yes}", "answers: {smoke: perhaps}"),
    ("version_note: For a test.", "version_nite: For a test."),
]


@pytest.mark.parametrize(("old", "new"), EXACT)
def test_a_wrong_word_is_reported_at_its_own_line(old, new):
    text, line = with_change(old, new)
    assert line in [mistake.line for mistake in mistakes_of(text)]


LOOPS = [("smoke", "E02"), ("minutes", "E05")]


@pytest.mark.parametrize(("read", "code"), LOOPS)
def test_i5_a_question_reads_only_earlier_ones_so_no_loop_can_be_written(read, code):
    """The first question reads itself, or the second, which reads the first."""
    loop = f"    ask_if: {{question: {read}, in: [unknown]}}\n    options:"
    mistakes = mistakes_of(SMALL.replace("    options:", loop, 1))
    assert [(mistake.code, mistake.where) for mistake in mistakes] == [
        (code, "question smoke, ask_if")
    ]


def test_all_mistakes_are_named_at_once_in_the_order_of_lines():
    text = SMALL
    for old, new in [
        ("kind: number", "kind: numbr"),
        ("is: yes", "is: maybe"),
        ("otherwise: note_it", "otherwise: nowt"),
        ("level: routine", "level: mild"),
        ("answers: {smoke: yes}", "answers: {smok: yes}"),
    ]:
        text = text.replace(old, new, 1)
    mistakes = mistakes_of(text)
    said = "\n".join(map(str, mistakes))
    assert all(word in said for word in ("'numbr'", "'maybe'", "'nowt'", "'mild'", "'smok'"))
    assert [m.line for m in mistakes] == sorted(m.line for m in mistakes)


def test_the_error_reads_as_a_list_for_a_person():
    text, line = with_change("level: routine", "level: mild")
    with pytest.raises(ProtocolError) as refused:
        loading.load(text, "small.yaml")
    first, second = str(refused.value).splitlines()
    assert first == "small.yaml: 1 mistake"
    assert second.startswith(f"line {line}: determinant note_it: level 'mild'")


@pytest.mark.parametrize("name", LIBRARY_IDS)
def test_json_is_read_as_well_as_yaml(name):
    class Words(loading.yaml.SafeLoader):
        """YAML with every scalar left as text."""

    Words.yaml_implicit_resolvers = {}
    plain = loading.yaml.load(library_text(name), Loader=Words)
    assert loading.load(json.dumps(plain), name) == library(name)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12)
)
HOSTILE = {
    "ten megabytes": "x: " + "y" * 10_000_000,
    "ten megabytes of lines": "- a\n" * 2_500_000,
    "deep lists": "[" * 100_000,
    "deep lists that close": "[" * 5_000 + "]" * 5_000,
    "deep tables": "".join(" " * depth + "a:\n" for depth in range(600)),
    "deep flow tables": "{a: " * 50_000,
    "deep conditions": SMALL.replace(
        "{question: smoke, is: yes}", "{not: " * 400 + "{always: true}" + "}" * 400, 1
    ),
    "a bomb of aliases": BOMB,
    "an alias to itself": "&a [*a]",
    "an alias to nothing": "a: *b",
    "a merge key": "<<: {id: x}",
    "python objects": "!!python/object/apply:os.system ['exit 1']",
    "many keys": "\n".join(f"key{n}: 1" for n in range(20_000)),
    "many entries": "x: [" + "a," * 60_000 + "]",
    "five thousand questions": "questions:\n" + "  - {id: q, kind: text}\n" * 5_000,
    "two documents": SMALL + "---\n" + SMALL,
    "nothing": "",
    "only a comment": "# nothing\n",
    "a list": "- a\n- b\n",
    "a word": "protocol",
    "nulls": "id: ~\nquestions: ~\nrules: null\n",
    "a table as a key": "? {a: b}\n: c\n",
    "a list as an id": "id: [a]\nquestions: {a: b}\nrules: x\ndeterminants: [[]]\ntests: [1, []]\n",
    "not closed": "id: [a, b",
    "a tab": "id:\n\t- a",
    "a zero byte": "id: a\x00b",
    "half a character": "id: \ud800",
    "a bell": "id: small\nversion_note: \x07",
    "a directive": "%YAML 9.9\n---\nid: a",
    "an unknown directive": "%FOO bar\n---\nid: a",
    "bad escapes": 'id: "\\ud800 \\x0"',
    "escaped half characters": 'id: "\\uD800"',
    "a huge number": SMALL.replace("most: 600", "most: " + "9" * 5_000),
    "a number with an exponent": SMALL.replace("most: 600", "most: 1e999"),
    "not a number": SMALL.replace("most: 600", "most: .nan"),
    "a long word": SMALL.replace("is: yes", "is: " + "y" * 100_000),
    "a long key": SMALL.replace("least: 0", "l" * 1_000 + ": 0"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_document_is_refused_in_few_words(text):
    mistakes = mistakes_of(text)
    assert 1 <= len(mistakes) <= MOST_MISTAKES
    assert all(len(str(mistake)) < 400 and str(mistake).isprintable() for mistake in mistakes)


def test_five_thousand_questions_are_refused_by_their_number():
    said = "\n".join(map(str, mistakes_of(HOSTILE["five thousand questions"])))
    assert "questions has 5000 entries, from 1 to 200" in said


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_no_text_whatever_crashes_the_loader(text):
    assert mistakes_of(text)


LINES = SMALL.splitlines()
JUNK = ["", "x", "- ", "[", "}", "a: b", "    - {}", "  id: 5", "\t", "&a", "*a", "when: []", "'"]


@given(st.data())
@settings(max_examples=100)
def test_a_damaged_document_is_read_or_refused_and_never_crashes(data):
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + data.draw(st.integers(0, 2))] = [data.draw(st.sampled_from(JUNK))]
    try:
        script = loading.load("\n".join(lines), "damaged")
    except ProtocolError as refused:
        assert refused.mistakes  # noqa: PT017 - either end is right, a crash is not
    else:
        assert script.questions


def test_answers_for_a_run_are_read_with_their_types():
    script = loading.load(SMALL, "small")
    text = "smoke: no\nminutes: 45\nwhere: 22\n"
    assert loading.load_answers(text, "answers", script) == {
        "smoke": "no",
        "minutes": 45,
        "where": "22",
    }


def test_wrong_answers_for_a_run_are_all_named_with_their_lines():
    script = loading.load(SMALL, "small")
    with pytest.raises(ProtocolError) as refused:
        loading.load_answers("smoke: no way\nminutes: long\nwere: x\nwhere: [y]\n", "a", script)
    assert [mistake.line for mistake in refused.value.mistakes] == [1, 2, 3, 4]
