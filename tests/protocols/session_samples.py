"""Records of sessions for the tests: anything that could stand in one, the unlawful included."""

from hypothesis import strategies as st
from protocol_samples import LIBRARY, generated_protocols, legal_answers

from protocols import loading, session
from protocols.session import (
    Answered,
    Ended,
    How,
    Overridden,
    RedFlagRaised,
    Retriaged,
    Shown,
)

PANEL = loading.load_red_flags((LIBRARY.parent / "red_flags.yaml").read_text("utf-8"), "panel")


@st.composite
def streams(draw):
    """A protocol and anything that could be in its record, the unlawful included."""
    script = draw(generated_protocols())
    outcomes = st.sampled_from([determinant.id for determinant in script.determinants])
    events = []
    for at in range(draw(st.integers(1, 7))):
        question = draw(st.sampled_from(script.questions))
        events.append(
            draw(
                st.one_of(
                    st.just(Shown(at, question.id)),
                    legal_answers(question).map(lambda a, q=question, t=at: Answered(t, q.id, a)),
                    st.sampled_from(PANEL).map(lambda flag, t=at: RedFlagRaised(t, flag.id)),
                    outcomes.map(lambda d, t=at: Overridden(t, d, "because", "senior")),
                    outcomes.map(lambda d, t=at: Retriaged(t, d, "", "call_taker")),
                    st.just(Ended(at, How.CALLER_GONE)),
                )
            )
        )
    return script, events


def states(script, events):
    """The session after each event, the beginning first."""
    now = session.begin(script, PANEL)
    yield now
    for event in events:
        now = session.after(now, event)
        yield now
