"""The agencies beside us are read whole, and every mistake of the document is named."""

import copy

import pytest

from calltaker.handoff import agencies
from calltaker.handoff.agencies import AgenciesError
from tests.handoff.handoff_samples import AGENCIES, COMMON, DOCUMENT

pytestmark = pytest.mark.rules

MISTAKES = [
    # path, value, what is said
    ("us.domain", "not a domain", "domain"),
    ("us.agency_type", ["psap"], "agency_type"),
    ("levels", {"emergency": [9, 3]}, "write [least, most]"),
    ("levels", {"emergency": [1, 10]}, "urgent is missing"),
    ("seconds.answer_within", 0, "answer_within"),
    ("seconds", None, "is not a map"),
    ("unknown_type", "", "unknown_type"),
    ("agencies.city-911.rights", ["everything"], "everything"),
    ("agencies.city-911.trunks", ["911"], "911"),
    ("agencies.city-911.keys", {"one": "c2hvcnQ="}, "32 bytes"),
    ("agencies.city-911.address", "http://911.example", "address"),
    ("agencies.city-911.address", "https://911.example/path", "address"),
    ("agencies.city-911.address", "https://user@911.example", "address"),
    ("agencies.city-911.return_to", "nowhere", "return_to"),
    ("agencies.city-911.name", {"en": "Only English"}, "every language"),
    ("agencies.city-911.colour", "red", "colour"),
    ("agencies.county-911.domain", "911.tucsonaz.example", "belongs to"),
    ("agencies.county-911.trunks", ["+15205550102"], "belongs to"),
]


@pytest.mark.parametrize(("path", "value", "said"), MISTAKES)
def test_each_mistake_is_named(path, value, said):
    document = copy.deepcopy(DOCUMENT)
    *way, last = path.split(".")
    at = document
    for step in way:
        at = at[step]
    at[last] = value
    with pytest.raises(AgenciesError, match=r".") as wrong:
        agencies.read(document)
    assert said in str(wrong.value)


@pytest.mark.parametrize("document", [None, [], "text", {}, {"agencies": [1]}, {"us": 5}])
def test_what_is_no_such_document_is_refused_without_falling(document):
    with pytest.raises(AgenciesError):
        agencies.read(document)


def test_the_shipped_types_are_common_ones():
    assert AGENCIES.unknown_type in COMMON
    assert AGENCIES.health_types <= COMMON
