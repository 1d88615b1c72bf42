"""The kinds of question beside choice, number and text: what is a legal answer, and what it does."""

import pytest
from protocol_samples import (
    choice,
    is_,
    many,
    moment,
    number,
    person,
    place,
    played,
    protocol,
    text,
)

from protocols import asking, loading
from protocols.conditions import Answered, Has, Not
from protocols.engine import check, determine, faulty, next_question, taken
from protocols.errors import AnswerError, ProtocolError
from protocols.script import Text
from protocols.wording import answer_text

pytestmark = pytest.mark.rules

SCRIPT = protocol(
    [
        many("dangers", "fire", "gas", "noise", danger=("fire", "gas")),
        place("where", ask_if=Not(Has("dangers", frozenset({"fire", "gas"})))),
        moment("when"),
        person("who"),
        choice("wants", "call", "nothing"),
    ],
    [
        ("danger", Has("dangers", frozenset({"fire", "gas"})), "emergency_9"),
        ("loud", Has("dangers", frozenset({"noise"})), "urgent_1"),
        ("no_place", Not(Answered("where")), "routine_9"),
    ],
)
CORNER = {"text": "Sixth and Stone", "confirmed": True}
CALM = {"dangers": (), "where": CORNER, "when": {"text": "now"}, "who": {"name": "Ana"}}


def decided(answers, **how):
    verdict = determine(SCRIPT, answers, **how)
    return verdict.determinant.id if verdict.determinant else None


LISTS = [
    ({"dangers": ("fire",)}, "emergency_9"),
    ({"dangers": ("noise", "gas")}, "emergency_9"),
    ({"dangers": "unknown"}, "emergency_9"),
    ({"dangers": "refused"}, "emergency_9"),
    ({"dangers": ("noise",)}, "urgent_1"),
    ({"dangers": ()}, None),
    ({**CALM, "wants": "call"}, "information_1"),
    ({**CALM, "where": "unknown"}, "routine_9"),
    ({**CALM, "where": "refused"}, "routine_9"),
]


@pytest.mark.parametrize(("answers", "outcome"), LISTS)
def test_a_list_decides_and_of_a_place_only_that_it_was_given(answers, outcome):
    assert decided(answers) == outcome


def test_a_written_place_is_read_but_not_weighed():
    elsewhere = {"text": "911 help fire", "confirmed": False, "unverified_reason": "no address"}
    assert decided(CALM) == decided({**CALM, "where": elsewhere})


def test_a_question_can_wait_for_another_to_be_answered_at_all():
    script = protocol([text("what"), number("how_many", ask_if=Answered("what"))], [])
    assert next_question(script, {"what": "dogs"}).id == "how_many"
    assert next_question(script, {"what": "unknown"}) is None


DANGERS = [
    (("fire",), True),
    (("noise", "gas"), True),
    (("noise",), False),
    ((), False),
    ("unknown", True),
    ("refused", True),
]


@pytest.mark.parametrize(("answer", "means_danger"), DANGERS)
def test_any_dangerous_option_of_a_list_means_danger_and_so_does_not_knowing(answer, means_danger):
    assert SCRIPT.question_by_id["dangers"].in_danger(answer) is means_danger


def test_no_answer_to_an_ordinary_question_means_danger():
    assert not SCRIPT.question_by_id["wants"].in_danger("unknown")
    assert not SCRIPT.question_by_id["where"].in_danger(CORNER)


POINT = {"latitude": 32.2, "longitude": -110.9}
ILLEGAL = [
    ("dangers", "fire", "'fire' is not a list of options"),
    ("dangers", ["fire"], "['fire'] is not a list of options"),
    ("dangers", ("flood",), "'flood' is not an option"),
    ("dangers", ("fire", "fire"), "an option is chosen twice"),
    ("dangers", ("fire", "unknown"), "unknown stands alone"),
    ("dangers", (("fire",),), "('fire',) is not an option"),
    ("where", "Sixth", "'Sixth' is not a place"),
    ("where", {"confirmed": True}, "text is missing"),
    ("where", {"text": " ", "confirmed": True}, "text is empty"),
    ("where", {"text": "Sixth"}, "confirmed is true or false"),
    ("where", {"text": "Sixth", "confirmed": "yes"}, "confirmed is true or false"),
    ("where", {"text": "Sixth", "confirmed": False}, "unverified_reason is missing"),
    ("where", {"text": "x", "confirmed": True, "latitude": 32.2}, "go together"),
    ("where", {"text": "x", "confirmed": True, **POINT, "latitude": 91}, "latitude 91 is not betw"),
    ("where", {"text": "x", "confirmed": True, **POINT, "longitude": "far"}, "longitude 'far' is"),
    ("where", {"text": "x", "confirmed": True, **POINT, "latitude": float("nan")}, "latitude nan"),
    ("where", {"text": "x", "confirmed": True, "city": "Tucson"}, "'city' is none of text"),
    ("where", {"text": "x" * 2001, "confirmed": True}, "text 2001 characters"),
    ("when", "noon", "'noon' is not a time"),
    ("when", {"at": "2026-07-04T21:30"}, "text is missing"),
    ("when", {"text": "x", "at": "21:30"}, "at '21:30' is not a local minute"),
    ("when", {"text": "x", "at": "2026-13-40T21:30"}, "is not a local minute"),
    ("when", {"text": "x", "at": 5}, "at 5 is not a local minute"),
    ("who", {}, "{} is not a person"),
    ("who", {"name": ""}, "name is empty"),
    ("who", {"name": "Ana", "status": "x"}, "'status' is none of name"),
    ("who", {"name": 7}, "name 7 is not text"),
    ("who", "Ana", "'Ana' is not a person"),
]


@pytest.mark.parametrize(("question", "answer", "fault"), ILLEGAL)
def test_must_have_29_an_answer_of_the_wrong_shape_is_refused_and_says_why(question, answer, fault):
    with pytest.raises(AnswerError) as refused:
        check(SCRIPT, {question: answer})
    assert fault in refused.value.faults[0]
    assert faulty(SCRIPT, {question: answer}) == (question,)


def test_unknown_and_refused_are_legal_answers_to_every_kind_of_question():
    for answer in ("unknown", "refused"):
        check(SCRIPT, {question.id: answer for question in SCRIPT.questions})


TAKEN = [
    ("dangers", ["gas", "fire"], ("fire", "gas")),
    ("dangers", [], ()),
    ("dangers", "unknown", "unknown"),
    ("where", CORNER, CORNER),
    ("wants", "call", "call"),
]


@pytest.mark.parametrize(("question", "value", "answer"), TAKEN)
def test_a_value_from_json_becomes_the_answer_it_stands_for(question, value, answer):
    assert taken(SCRIPT, question, value) == answer
    assert taken(SCRIPT, question, asking.plain_answer(answer)) == answer


NOT_TAKEN = [
    ("dangers", ["flood"]),
    ("dangers", [["fire"]]),
    ("dangers", ["fire", "fire"]),
    ("dangers", [{}]),
    ("wants", ["call"]),
    ("nobody", ["call"]),
    ("wants", None),
]


@pytest.mark.parametrize(("question", "value"), NOT_TAKEN)
def test_a_value_that_stands_for_no_answer_is_refused(question, value):
    with pytest.raises(AnswerError):
        taken(SCRIPT, question, value)


WORDS = [
    (SCRIPT.question_by_id["dangers"], (), "en", "None of them"),
    (SCRIPT.question_by_id["dangers"], ("fire", "gas"), "en", "words, words"),
    (SCRIPT.question_by_id["dangers"], "unknown", "es", "No sabe"),
    (SCRIPT.question_by_id["where"], {**CORNER, **POINT}, "en", "Sixth and Stone"),
    (
        SCRIPT.question_by_id["where"],
        {"text": "by the wash", "confirmed": False, "unverified_reason": "no signs"},
        "es",
        "by the wash, sin verificar: no signs",
    ),
    (SCRIPT.question_by_id["who"], {"name": "Ana", "relation": "aunt"}, "en", "Ana, aunt"),
    (number("dogs"), 3, "en", "3"),
    (number("dogs", unit=Text("dogs", "perros")), 2.5, "es", "2.5 perros"),
]


@pytest.mark.parametrize(("question", "answer", "language", "words"), WORDS)
def test_every_kind_of_answer_is_said_in_words(question, answer, language, words):
    assert answer_text(question, answer, language) == words


def test_why_can_be_written_down_whatever_kind_of_answer_it_read():
    verdict = determine(SCRIPT, {**CALM, "dangers": ("noise",), "where": "unknown"})
    read = [criterion["read"] for criterion in asking.as_plain(verdict)["criteria"]]
    assert read == [{"dangers": ["noise"]}, {"where": "unknown"}]


PLAYED = [
    # what is typed                        what is answered
    (["3"],                                {"dangers": ("noise",)}),
    (["3 1"],                              {"dangers": ("fire", "noise")}),
    (["0"],                                {"dangers": ()}),
    ([""],                                 {}),
    (["7"],                                {}),
    (["0", "by the wash"],                 {"dangers": (), "where": "by the wash"}),
    (["0", "u", "last night", "red cap"],  {"dangers": (), "where": "unknown",
                                            "when": {"text": "last night"},
                                            "who": {"description": "red cap"}}),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "answers"), PLAYED)
def test_every_kind_is_played_in_the_terminal(typed, answers):
    found = dict(played(SCRIPT, *typed).play.answers)
    if isinstance(found.get("where"), dict):  # nobody confirms a place in the terminal
        assert found["where"].pop("confirmed") is False
        assert found["where"].pop("unverified_reason")
        found["where"] = found["where"]["text"]
    assert found == answers


def test_a_number_is_asked_with_what_it_counts():
    shown = played(protocol([number("dogs", unit=Text("dogs", "perros"))], []), language="es")
    assert "  ... perros" in shown.lines


DOCUMENT = """\
id: kinds
version_note: For a test.
title: {en: Kinds, es: Clases}
approval: pending
sources: [a test]
questions:
  - id: dangers
    kind: many
    safety: true
    text: {en: What do you see?, es: ¿Qué ve?}
    options:
      - {id: fire, danger: true, text: {en: Fire, es: Fuego}}
      - {id: noise, danger: false, text: {en: Noise, es: Ruido}}
  - id: minutes
    kind: number
    unit: {en: minutes, es: minutos}
    text: {en: How long?, es: ¿Cuánto tiempo?}
  - id: where
    kind: place
    text: {en: Where?, es: ¿Dónde?}
  - id: when
    kind: time
    ask_if: {answered: where}
    text: {en: When?, es: ¿Cuándo?}
  - id: who
    kind: person
    text: {en: Who?, es: ¿Quién?}
rules:
  - id: burns
    when: {question: dangers, has: fire}
    determinant: call_911
  - id: seen
    when: {all: [{question: dangers, has_any: [fire, noise]}, {not: {answered: who}}]}
    determinant: note_it
  - id: doubt
    when: {question: dangers, in: [unknown, refused]}
    determinant: call_911
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
jumps:
  - {to: noise, title: {en: Noise, es: Ruido}}
tests:
  - id: all_kinds
    answers:
      dangers: [noise]
      minutes: 2.5
      where: {text: Sixth, latitude: 32.2, longitude: -110.9, confirmed: true}
      when: {text: last night, at: 2026-07-04T21:30}
      who: {name: Ana, phone: "+15205550101"}
    determinant: note_it
  - id: nothing_seen
    answers: {dangers: [], minutes: unknown, where: refused, who: unknown}
    determinant: note_it
"""


def test_every_kind_is_read_from_a_document():
    script = loading.load(DOCUMENT, "kinds")
    assert dict(script.tests[0].answers) == {
        "dangers": ("noise",),
        "minutes": 2.5,
        "where": {"text": "Sixth", "latitude": 32.2, "longitude": -110.9, "confirmed": True},
        "when": {"text": "last night", "at": "2026-07-04T21:30"},
        "who": {"name": "Ana", "phone": "+15205550101"},
    }
    assert dict(script.tests[1].answers)["dangers"] == ()
    assert script.question_by_id["minutes"].unit == Text("minutes", "minutos")
    assert script.question_by_id["when"].ask_if == Answered("where")
    assert script.rules[0].when == Has("dangers", frozenset({"fire"}))
    assert script.rules[2].when == is_("dangers", "unknown", "refused")
    assert [jump.to for jump in script.jumps] == ["noise"]


MISTAKES = [
    # change this                        into this                           code   says
    ("dangers, has: fire",               "dangers, is: fire",                "E06", "dangers is a list; ask has or has_any"),
    ("dangers, has: fire",               "dangers, has: flood",              "E06", "'flood' is not an answer to dangers (fire, noise)"),
    ("dangers, has: fire",               "dangers, has: [fire]",             "E06", "use has_any: for several"),
    ("dangers, has: fire",               "dangers, has: unknown",            "E06", "'unknown' is not an answer"),
    ("dangers, has: fire",               "minutes, has: fire",               "E06", "minutes has one answer only"),
    ("dangers, has: fire",               "dangers, at_least: 2",             "E06", "dangers is no number"),
    ("dangers, has: fire",               "where, is: unknown",               "E06", "where is a place, which never decides"),
    ("dangers, has: fire",               "who, has: fire",                   "E06", "who is a person, which never decides"),
    ("{question: dangers, has: fire}",   "{answered: smel}",                 "E01", "no question 'smel'"),
    ("{question: dangers, has: fire}",   "{answered: who, is: yes}",         "E00", "is goes with question, not with answered"),
    ("ask_if: {answered: where}",        "ask_if: {answered: who}",          "E05", "who is asked later"),
    ("ask_if: {answered: where}",        "ask_if: {answered: when}",         "E02", "reads its own question"),
    ("kind: place\n",                    "kind: place\n    safety: true\n",  "E06", "a place never decides"),
    ("kind: person\n",                   "kind: person\n    options: []\n",  "E00", "options belongs to choice and many only"),
    ("kind: time\n",                     "kind: time\n    unit: {en: a, es: b}\n", "E00", "unit belongs to a number only"),
    ("unit: {en: minutes, es: minutos}", "unit: {en: minutes}",              "E17", "es is missing"),
    ("dangers: [noise]",                 "dangers: noise",                   "E06", "an answer is a list of options"),
    ("dangers: [noise]",                 "dangers: [[noise]]",               "E06", "'' is not an option"),
    ("dangers: [noise]",                 "dangers: {a: b}",                  "E06", "an answer is a list of options"),
    ("minutes: 2.5",                     "minutes: [2.5]",                   "E06", "an answer is one word, number or text"),
    ("confirmed: true}",                 "confirmed: maybe}",                "E06", "confirmed is true or false"),
    ("confirmed: true}",                 "confirmed: false}",                "E06", "unverified_reason is missing"),
    ("name: Ana,",                       "name: [Ana],",                     "E06", "'name' must be text"),
    ("at: 2026-07-04T21:30",             "at: 9 pm",                         "E06", "is not a local minute"),
    ("where: {text: Sixth,",             "where: {text: Sixth, text: Stone,", "E03", "'text' stands here twice"),
    ("who: {name: Ana, phone: \"+15205550101\"}", "who: Ana",                "E06", "an answer is a table such as"),
    ("{to: noise,",                      "{to: No Ise,",                     "E00", "small letters, digits and _"),
    ("- {to: noise, title: {en: Noise, es: Ruido}}", "- {to: noise}",        "E17", "title is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "says"), MISTAKES)
def test_must_have_28_a_mistake_with_the_new_kinds_is_found_with_its_line(old, new, code, says):
    assert old in DOCUMENT
    with pytest.raises(ProtocolError) as refused:
        loading.load(DOCUMENT.replace(old, new, 1), "kinds")
    found = [mistake for mistake in refused.value.mistakes if says in mistake.message]
    assert [mistake.code for mistake in found] == [code]
    line = DOCUMENT[: DOCUMENT.index(old)].count("\n") + 1
    assert found[0].line is not None
    assert abs(found[0].line - line) <= 6


def test_the_same_jump_twice_is_refused():
    twice = DOCUMENT.replace("jumps:\n", "jumps:\n  - {to: noise, title: {en: A, es: B}}\n")
    with pytest.raises(ProtocolError, match="jump id 'noise' is used"):
        loading.load(twice, "kinds")
