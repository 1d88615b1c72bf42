"""The simulator's signer against Twilio's public vectors."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.signature import sign

pytestmark = pytest.mark.rules
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
DOUBLED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
BODY_DIGEST = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
VECTORS = [
    (URL, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("https://mycompany.com:443/myapp.php?foo=1&bar=2", CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    ("http://mycompany.com:80/myapp.php?foo=1&bar=2", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    (URL, DOUBLED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    (f"{URL}&bodySHA256={BODY_DIGEST}", [], "a9nBmqA0ju/hNViExpshrM61xv4="),
    (URL, [], "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
]


@pytest.mark.parametrize(("url", "params", "signature"), VECTORS)
def test_the_golden_vectors_come_out(url, params, signature):
    assert sign("12345", url, params) == signature


def test_the_body_digest_of_the_fifth_vector_is_that_of_its_body():
    assert hashlib.sha256(b'{"property": "value", "boolean": true}').hexdigest() == BODY_DIGEST


def test_a_fragment_is_not_signed():
    assert sign("12345", f"{URL}#ct=1500&rc=2", CALL) == VECTORS[0][2]


@settings(max_examples=50)
@given(st.permutations(CALL))
def test_the_order_of_the_fields_does_not_matter(params):
    assert sign("12345", URL, params) == VECTORS[0][2]
