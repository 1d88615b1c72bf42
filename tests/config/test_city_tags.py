"""The city's tags: read whole, and every mistake named."""

import pytest
import yaml

from config.settings import ROOT
from config.tags import tags_of
from ivr.errors import CityPackError

pytestmark = pytest.mark.rules


def test_the_shipped_tags_are_read_by_key_and_title():
    shipped = yaml.safe_load((ROOT / "config/tucson/tags.yaml").read_text(encoding="utf-8"))
    assert tags_of(shipped)["bus_stop"] == "Bus stop"


WRONG = [
    (None, "no map of tags"),
    ({"tags": {}}, "no map of tags"),
    ({"tags": ["heat"]}, "no map of tags"),
    ({"tags": {"Heat": "Heat"}}, "Heat: a key of small letters"),
    ({"tags": {"heat": ""}}, "heat: a key"),
    ({"tags": {"heat": "x" * 31}}, "heat: a key"),
    ({"tags": {"heat": 7}}, "heat: a key"),
    ({"tags": {"heat": "Heat", "hot": "heat"}}, "hot: another tag has this title"),
]


@pytest.mark.parametrize(("document", "told"), WRONG)
def test_what_is_no_tag_is_named(document, told):
    with pytest.raises(CityPackError) as refused:
        tags_of(document)
    assert told in str(refused.value)
