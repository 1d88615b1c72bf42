"""The signature of a request, against Twilio's own vectors and every trap that is known."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.signature import Request, Signatures, forms

pytestmark = pytest.mark.rules

TOKEN = "12345"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
REPEATED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
PATH = "/myapp.php?foo=1&bar=2"
BODY = b'{"property": "value", "boolean": true}'
HASHED = f"{PATH}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

GOLDEN = [
    # public address,              path,   fields,   body, signature
    ("https://mycompany.com", PATH, CALL, b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("https://mycompany.com:443", PATH, CALL, b"", "kvajT1Ptam85bY51eRf/AJRuM3w="),
    ("http://mycompany.com:80", PATH, CALL, b"", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ("https://mycompany.com", PATH, REPEATED, b"", "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    ("https://mycompany.com", HASHED, [], BODY, "a9nBmqA0ju/hNViExpshrM61xv4="),
    ("https://mycompany.com", PATH, [], b"", "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
]


@pytest.mark.parametrize(("public_url", "address", "fields", "body", "signature"), GOLDEN)
def test_twilios_own_vectors_hold(public_url, address, fields, body, signature):
    checks = Signatures(public_url, [TOKEN])
    assert checks.holds(Request(address, fields, signature, body))


@pytest.mark.parametrize("public_url", ["https://mycompany.com", "https://mycompany.com:443"])
@pytest.mark.parametrize(
    "signature", ["RSOYDt4T1cUTdK1PDd93/VVr8B8=", "kvajT1Ptam85bY51eRf/AJRuM3w="]
)
def test_both_forms_of_the_port_are_accepted(public_url, signature):
    assert Signatures(public_url, [TOKEN]).holds(Request(PATH, CALL, signature))


REFUSED = [
    # what is wrong,                  address,  fields,                     body,  signature
    ("no signature at all", PATH, CALL, b"", None),
    ("an empty signature", PATH, CALL, b"", ""),
    ("not base64", PATH, CALL, b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8"),
    ("not ASCII", PATH, CALL, b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8é"),
    ("trailing white space", PATH, CALL, b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8= "),
    ("another path", "/other.php?foo=1&bar=2", CALL, b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("a sorted query", "/myapp.php?bar=2&foo=1", CALL, b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("a missing field", PATH, CALL[1:], b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("one field more", PATH, [*CALL, ("X", "1")], b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("a trimmed value", PATH, [*CALL[:1], ("Digits", "123")], b"", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("another body", HASHED, [], BODY + b" ", "a9nBmqA0ju/hNViExpshrM61xv4="),
    ("a body without its hash", PATH, [], BODY, "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
]


@pytest.mark.parametrize(("what", "address", "fields", "body", "signature"), REFUSED)
def test_what_twilio_did_not_sign_is_refused(what, address, fields, body, signature):
    assert not Signatures("https://mycompany.com", [TOKEN]).holds(
        Request(address, fields, signature, body)
    ), what


def test_connection_overrides_in_the_fragment_are_not_signed():
    signed = Request(f"{PATH}#rc=2&rp=5xx", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert Signatures("https://mycompany.com", [TOKEN]).holds(signed)


def test_either_of_two_tokens_holds_while_they_rotate():
    signed = Request(PATH, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert Signatures("https://mycompany.com", ["new", TOKEN]).holds(signed)
    assert Signatures("https://mycompany.com", [TOKEN, "new"]).holds(signed)
    assert not Signatures("https://mycompany.com", ["new", "newer"]).holds(signed)


def test_no_token_refuses_everything():
    empty = base64.b64encode(hmac.digest(b"", f"https://a.test{PATH}".encode(), "sha1")).decode()
    assert not Signatures("https://a.test", []).holds(Request(PATH, [], empty))
    assert not Signatures("https://a.test", [""]).holds(Request(PATH, [], empty))


FORMS = [
    ("https://a.test", [b"https://a.test", b"https://a.test:443"]),
    ("https://a.test/", [b"https://a.test", b"https://a.test:443"]),
    ("https://a.test:443", [b"https://a.test:443", b"https://a.test"]),
    ("http://127.0.0.1:3110", [b"http://127.0.0.1:3110", b"http://127.0.0.1"]),
    ("https://user:pass@a.test:8443", [b"https://user:pass@a.test:8443", b"https://user:pass@a.test"]),
    ("https://user:pass@a.test", [b"https://user:pass@a.test", b"https://user:pass@a.test:443"]),
    ("https://[::1]:8443/city", [b"https://[::1]:8443/city", b"https://[::1]/city"]),
    ("https://[::1]", [b"https://[::1]", b"https://[::1]:443"]),
]  # fmt: skip


@pytest.mark.parametrize(("public_url", "expected"), FORMS)
def test_the_public_address_has_two_forms(public_url, expected):
    assert forms(public_url) == expected


@settings(max_examples=60)
@given(
    fields=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=8),
    address=st.text(max_size=40),
    signature=st.none() | st.text(max_size=40),
    body=st.binary(max_size=40),
)
def test_a_guess_is_never_let_in_and_never_raises(fields, address, signature, body):
    checks = Signatures("https://a.test", [TOKEN])
    assert checks.holds(Request(address, fields, signature, body)) is False


@settings(max_examples=40)
@given(
    fields=st.lists(
        st.tuples(st.text(st.characters(codec="utf-8"), max_size=20), st.text(max_size=20)),
        max_size=8,
    )
)
def test_what_twilio_signs_is_let_in_whatever_the_fields_hold(fields):
    pairs = sorted({(n, v.encode(errors="replace").decode()) for n, v in fields})
    text = "https://a.test/voice/status" + "".join(n + v for n, v in pairs)
    digest = hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()
    signature = base64.b64encode(digest).decode()
    assert Signatures("https://a.test", [TOKEN]).holds(Request("/voice/status", pairs, signature))
