"""Scripts share a telephone that behaves alike for them, and wait for one that does not."""

import asyncio

import pytest

from simulator.rehearsal.shared_phones import SharedPhones

pytestmark = pytest.mark.rules

CITY, SECOND = "+15205550191", "+15205550192"
ANSWERS = {"next": [], "otherwise": {"on_ring": "answer", "after_seconds": 4}}
BUSY = {"next": [], "otherwise": {"on_ring": "busy"}}
COUNTED = {"next": [{"on_ring": "busy"}], "otherwise": {"on_ring": "answer"}}


def played(*wanted):
    """The scripts that have their telephones at once, then in which order the others get them as the first give back."""

    async def play():
        phones, order = SharedPhones(), []

        async def one(name, behaviours):
            await phones.take(behaviours)
            order.append(name)

        tasks = [asyncio.create_task(one(n, one_wants)) for n, one_wants in enumerate(wanted)]
        rounds = []
        while len(order) < len(wanted):
            before = sum(map(len, rounds))
            await asyncio.sleep(0.01)
            rounds.append(sorted(order[before:]))
            assert rounds[-1], "nobody gets a telephone although all were given back"
            for name in rounds[-1]:
                await phones.give_back(wanted[name])
        await asyncio.gather(*tasks)
        return rounds

    return asyncio.run(play())


@pytest.mark.parametrize(
    ("wanted", "rounds"),
    [
        ([{CITY: ANSWERS}, {CITY: ANSWERS}], [[0, 1]]),
        ([{CITY: ANSWERS}, {CITY: BUSY}], [[0], [1]]),
        ([{CITY: ANSWERS}, {CITY: BUSY}, {CITY: ANSWERS}], [[0, 2], [1]]),
        ([{CITY: ANSWERS}, {SECOND: BUSY}, {}], [[0, 1, 2]]),
        ([{CITY: BUSY, SECOND: ANSWERS}, {SECOND: ANSWERS}, {SECOND: BUSY}], [[0, 1], [2]]),
        ([{CITY: COUNTED}, {CITY: COUNTED}, {CITY: ANSWERS}], [[0], [1], [2]]),
        ([{CITY: ANSWERS}, {CITY: COUNTED}, {CITY: ANSWERS}], [[0, 2], [1]]),
    ],
)
def test_those_to_whom_it_behaves_alike_use_it_together(wanted, rounds):
    assert played(*wanted) == rounds
