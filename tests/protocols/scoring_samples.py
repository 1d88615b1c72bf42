"""A small protocol, sessions run on it, and what becomes of each check of their score."""

from dataclasses import replace

from protocols.levels import Level
from protocols.red_flags import RedFlag
from protocols.scored_case import CaseRecord, Marks, Transfer
from protocols.scoring_scale import Item, Result
from protocols.session import Answered, Ended, How, Overridden, RedFlagRaised, Retriaged, Shown
from tests.protocols.protocol_samples import WORDS, choice, determinant, is_, protocol

INFORMATION = determinant("information_1", Level.INFORMATION, 1)
ROUTINE = determinant("routine_1", Level.ROUTINE, 1)
URGENT = determinant("urgent_9", Level.URGENT, 9)
EMERGENCY = determinant("emergency_9", Level.EMERGENCY, 9)
PROTOCOL = protocol(
    [
        choice("danger", "yes", "no", danger=("yes",)),
        choice("hurt", "yes", "no", danger=("yes",)),
        choice("big", "yes", "no"),
        choice("deep", "yes", "no", ask_if=is_("big", "yes")),
        choice("only_asking", "yes", "no"),
    ],
    [
        ("danger", is_("danger", "yes"), "emergency_9"),
        ("hurt", is_("hurt", "yes"), "emergency_9"),
        ("deep", is_("deep", "yes"), "urgent_9"),
        ("report", is_("only_asking", "no"), "routine_1"),
    ],
    determinants=(INFORMATION, ROUTINE, URGENT, EMERGENCY),
)
PANEL = (RedFlag("fire", WORDS, WORDS, "INFO", WORDS, WORDS),)
CALM = {"danger": "no", "hurt": "no", "big": "no", "only_asking": "no"}
VERIFIED = Marks(place_verified=True)
HEARD = Marks(place_verified=True, emergency_heard=True)


def asked(answers, start=0.0):
    """Each question shown a second before its answer, one every two seconds."""
    for n, (question, value) in enumerate(answers.items()):
        yield Shown(start + 2 * n + 1, question)
        yield Answered(start + 2 * n + 2, question, value)


def case(answers=None, *more, how=How.COMPLETED, without=(), **changes):
    """A session whose questions were asked in order, then `more`, then its end at 60 s."""
    events = [
        *(e for e in asked(CALM if answers is None else answers) if e not in without),
        *more,
        *([Ended(60.0, how)] if how else []),
    ]
    values = {"marks": VERIFIED, "panel": PANEL, **changes}
    return CaseRecord(PROTOCOL, tuple(events), **values)


MET, MISSED, NOT_APPLICABLE = Result.MET, Result.MISSED, Result.NOT_APPLICABLE
OVER_BY_HAND = {"danger": "no", "hurt": "no"}
EMERGENCY_CASE = {"danger": "yes"}
IN_TIME, LATE = Transfer(6.9), Transfer(7.1)
LOWERED = Overridden(50.0, "information_1", "", "senior")
EXCUSED = replace(LOWERED, reason="The caller only asked what a pothole is.")

CASES = [
    # what, the record, the item, what becomes of it
    ("all were asked", case(), Item.RED_FLAGS_ASKED, MET),
    (
        "one was never answered",
        case({**CALM, "hurt": "no"}, without=(Answered(4.0, "hurt", "no"),)),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    (
        "one was answered and never shown",
        case(without=(Shown(3.0, "hurt"),)),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    (
        "one was shown only after its answer",
        case(None, Shown(30.0, "hurt"), without=(Shown(3.0, "hurt"),)),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    (
        "one was answered in the protocol before",
        CaseRecord(
            PROTOCOL,
            (
                Answered(0.0, "danger", "no", carried=True),
                *asked({name: CALM[name] for name in ("hurt", "big", "only_asking")}),
            ),
        ),
        Item.RED_FLAGS_ASKED,
        MET,
    ),
    (
        "an emergency ends the questions",
        case(EMERGENCY_CASE, how=How.EMERGENCY),
        Item.RED_FLAGS_ASKED,
        MET,
    ),
    (
        "the caller left before the second",
        case({"danger": "no"}, how=How.CALLER_GONE),
        Item.RED_FLAGS_ASKED,
        MET,
    ),
    (
        "the caller left after it was passed over",
        case({"danger": "no", "big": "no"}, how=How.CALLER_GONE),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    ("another protocol went on", case({"danger": "no"}, how=How.JUMPED), Item.RED_FLAGS_ASKED, MET),
    (
        "left early without 911",
        case({"danger": "no"}, how=How.EARLY_EXIT),
        Item.RED_FLAGS_ASKED,
        MISSED,
    ),
    (
        "left early to 911",
        case({"danger": "no"}, how=How.EARLY_EXIT, transfers=(Transfer(3.0),)),
        Item.RED_FLAGS_ASKED,
        MET,
    ),
    ("nothing was asked", case({}, how=How.JUMPED), Item.RED_FLAGS_ASKED, NOT_APPLICABLE),
    ("no emergency", case(), Item.EMERGENCY_TRANSFERRED, NOT_APPLICABLE),
    (
        "911 in time",
        case(EMERGENCY_CASE, transfers=(IN_TIME,)),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    ("911 late", case(EMERGENCY_CASE, transfers=(LATE,)), Item.EMERGENCY_TRANSFERRED, MISSED),
    (
        "911 asked for late, then again",
        case(EMERGENCY_CASE, transfers=(Transfer(40.0), LATE)),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    ("911 never", case(EMERGENCY_CASE), Item.EMERGENCY_TRANSFERRED, MISSED),
    (
        "911 in time, and once more when it did not answer",
        case(EMERGENCY_CASE, transfers=(IN_TIME, Transfer(40.0))),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    (
        "the caller was gone at once",
        case(EMERGENCY_CASE, gone_at=6.0),
        Item.EMERGENCY_TRANSFERRED,
        NOT_APPLICABLE,
    ),
    (
        "the caller was gone when it had long been due",
        case(EMERGENCY_CASE, gone_at=30.0),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    (
        "abandoned by us",
        case(EMERGENCY_CASE, transfers=(replace(IN_TIME, abandoned=True),)),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    (
        "the red button before the first question",
        case(EMERGENCY_CASE, transfers=(Transfer(-3.0),)),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    (
        "a transfer that was over before the emergency",
        case(EMERGENCY_CASE, transfers=(Transfer(-30.0, ended_at=-3.0),)),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    (
        "the red button and no emergency",
        case(transfers=(Transfer(9.0),)),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    (
        "a red flag of the panel",
        case({"danger": "no"}, RedFlagRaised(3.0, "fire"), transfers=(Transfer(3.1),)),
        Item.EMERGENCY_TRANSFERRED,
        MET,
    ),
    (
        "a red flag without 911",
        case({"danger": "no"}, RedFlagRaised(3.0, "fire")),
        Item.EMERGENCY_TRANSFERRED,
        MISSED,
    ),
    ("verified", case(), Item.PLACE_VERIFIED, MET),
    ("not verified", case(marks=Marks()), Item.PLACE_VERIFIED, MISSED),
    (
        "not verified with a reason",
        case(marks=Marks(place_excused=True)),
        Item.PLACE_VERIFIED,
        MET,
    ),
    (
        "information needs no place",
        case({**CALM, "only_asking": "yes"}, marks=Marks()),
        Item.PLACE_VERIFIED,
        NOT_APPLICABLE,
    ),
    (
        "something urgent needs one",
        case({**CALM, "big": "yes", "deep": "yes"}, marks=Marks()),
        Item.PLACE_VERIFIED,
        MISSED,
    ),
    (
        "an emergency needs one",
        case(EMERGENCY_CASE, marks=Marks(), transfers=(IN_TIME,)),
        Item.PLACE_VERIFIED,
        MISSED,
    ),
    (
        "the caller was gone",
        case(marks=Marks(), gone_at=20.0),
        Item.PLACE_VERIFIED,
        NOT_APPLICABLE,
    ),
    (
        "no emergency to decline",
        case(None, LOWERED),
        Item.EMERGENCY_NOT_DECLINED,
        NOT_APPLICABLE,
    ),
    (
        "an emergency went on",
        case(EMERGENCY_CASE, transfers=(IN_TIME,)),
        Item.EMERGENCY_NOT_DECLINED,
        MET,
    ),
    (
        "the line heard a danger and the caller was asked",
        case(marks=HEARD),
        Item.EMERGENCY_NOT_DECLINED,
        MET,
    ),
    (
        "the line heard a danger and nobody asked",
        case({}, how=How.WRAPPED_UP, marks=HEARD),
        Item.EMERGENCY_NOT_DECLINED,
        MISSED,
    ),
    (
        "the line heard a danger and 911 was dialled",
        case({}, how=How.WRAPPED_UP, marks=HEARD, transfers=(IN_TIME,)),
        Item.EMERGENCY_NOT_DECLINED,
        MET,
    ),
    (
        "the line heard a danger and a reason was given to go on",
        case({}, EXCUSED, how=How.WRAPPED_UP, marks=HEARD),
        Item.EMERGENCY_NOT_DECLINED,
        MET,
    ),
    (
        "the line heard a danger and the caller was gone",
        case({}, how=How.CALLER_GONE, marks=HEARD),
        Item.EMERGENCY_NOT_DECLINED,
        NOT_APPLICABLE,
    ),
    ("nothing is known of a number", case(), Item.CALLBACK_VERIFIED, NOT_APPLICABLE),
    (
        "no number was taken",
        case(marks=replace(VERIFIED, callback_verified=False)),
        Item.CALLBACK_VERIFIED,
        MISSED,
    ),
    (
        "a number was taken",
        case(marks=replace(VERIFIED, callback_verified=True)),
        Item.CALLBACK_VERIFIED,
        MET,
    ),
    (
        "the caller was asked for a number and gave none",
        case(marks=replace(VERIFIED, callback_verified=False, callback_refused=True)),
        Item.CALLBACK_VERIFIED,
        MET,
    ),
    (
        "gone before the number",
        case(marks=replace(VERIFIED, callback_verified=False), gone_at=5.0),
        Item.CALLBACK_VERIFIED,
        NOT_APPLICABLE,
    ),
    ("in order", case(), Item.QUESTIONS_IN_ORDER, MET),
    (
        "before its turn",
        case({"hurt": "no", "danger": "no", "big": "no", "only_asking": "no"}),
        Item.QUESTIONS_IN_ORDER,
        MISSED,
    ),
    (
        "the danger before its turn",
        case({"hurt": "yes"}, transfers=(Transfer(3.0),)),
        Item.QUESTIONS_IN_ORDER,
        MET,
    ),
    (
        "going back changes no order",
        case(None, Answered(20.0, "danger", "no"), Answered(21.0, "big", "no")),
        Item.QUESTIONS_IN_ORDER,
        MET,
    ),
    (
        "going back with questions open changes no order",
        case(
            {"danger": "no", "hurt": "no"},
            Answered(10.0, "danger", "no"),
            *asked({"big": "no", "only_asking": "no"}, start=20.0),
        ),
        Item.QUESTIONS_IN_ORDER,
        MET,
    ),
    ("nothing was answered", case({}, how=How.JUMPED), Item.QUESTIONS_IN_ORDER, NOT_APPLICABLE),
    ("kept", case(), Item.DETERMINANT_KEPT, MET),
    ("overridden in silence", case(None, LOWERED), Item.DETERMINANT_KEPT, MISSED),
    ("overridden with a reason", case(None, EXCUSED), Item.DETERMINANT_KEPT, MET),
    (
        "overridden upwards in silence",
        case(None, Overridden(50.0, "urgent_9", "", "call_taker")),
        Item.DETERMINANT_KEPT,
        MISSED,
    ),
    (
        "raised upon later facts needs no reason",
        case(None, Retriaged(50.0, "urgent_9", "", "call_taker")),
        Item.DETERMINANT_KEPT,
        MET,
    ),
    (
        "lowered upon later facts does",
        case(None, Retriaged(50.0, "information_1", "", "senior")),
        Item.DETERMINANT_KEPT,
        MISSED,
    ),
    (
        "none was reached",
        case(OVER_BY_HAND, how=How.WRAPPED_UP),
        Item.DETERMINANT_KEPT,
        MISSED,
    ),
    (
        "none was due yet",
        case(OVER_BY_HAND, how=How.JUMPED),
        Item.DETERMINANT_KEPT,
        NOT_APPLICABLE,
    ),
    ("nobody marks it", case(), Item.ADVICE_GIVEN, NOT_APPLICABLE),
    (
        "not given",
        case(marks=replace(VERIFIED, advice_given=False)),
        Item.ADVICE_GIVEN,
        MISSED,
    ),
    ("given", case(marks=replace(VERIFIED, advice_given=True)), Item.ADVICE_GIVEN, MET),
    (
        "gone before the advice",
        case(marks=replace(VERIFIED, advice_given=False), gone_at=20.0),
        Item.ADVICE_GIVEN,
        NOT_APPLICABLE,
    ),
    ("none left out", case(), Item.NO_QUESTION_SKIPPED, MET),
    (
        "one left out",
        case({"danger": "no", "hurt": "no", "only_asking": "no"}, how=How.WRAPPED_UP),
        Item.NO_QUESTION_SKIPPED,
        MISSED,
    ),
    (
        "one that this path asks",
        case({**CALM, "big": "yes"}, how=How.WRAPPED_UP),
        Item.NO_QUESTION_SKIPPED,
        MISSED,
    ),
    (
        "read otherwise",
        case(marks=replace(VERIFIED, read_word_for_word=False)),
        Item.READ_WORD_FOR_WORD,
        MISSED,
    ),
    (
        "a language was offered",
        case(marks=replace(VERIFIED, language_offered=True)),
        Item.LANGUAGE_OFFERED,
        MET,
    ),
    (
        "not closed",
        case(marks=replace(VERIFIED, closing_read=False)),
        Item.CLOSING_READ,
        MISSED,
    ),
]
