"""Which passwords are good enough, and what is kept of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltaker.staff import passwords

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    "password",
    [
        "saguaro lantern ferry ocean",
        "el perro duerme bajo la mesa",
        "Tr0ub4dor&3 walks home",
        "ядерный зонтик поёт",
    ],
)
def test_a_few_words_are_a_good_password(password: str):
    assert passwords.fault(password, "ana@tucson.example") is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "at least 15"),
        ("fourteen chars", "at least 15"),
        ("x" * 201, "at most 200"),
        ("PasswordPassword", "easy to guess"),
        ("password 123-456", "easy to guess"),
        ("aaaaaaaaaaaaaaaaaaa", "easy to guess"),
        ("abcabcabcabcabcabc", "easy to guess"),
        ("qwertyuiopasdfghjkl", "easy to guess"),
        ("123456789012345", "easy to guess"),
        ("maria.gonzalez.1", "easy to guess"),
        ("Tucson311-tucson311", "easy to guess"),
    ],
)
def test_a_short_or_common_password_is_refused_with_the_reason(password: str, why: str):
    assert why in (passwords.fault(password, "maria.gonzalez@tucson.example") or "")


def test_what_is_kept_is_argon2id_with_its_own_salt():
    one, other = (passwords.make_hash("saguaro lantern ferry ocean") for _ in range(2))
    assert one.startswith("$argon2id$")
    assert one != other
    assert passwords.is_right(one, "saguaro lantern ferry ocean")
    assert not passwords.is_right(one, "saguaro lantern ferry oceaN")
    assert not passwords.is_outdated(one)


def test_an_account_that_does_not_exist_has_no_password():
    assert not passwords.is_right(None, "nobody has this password")


def test_letters_typed_in_two_ways_are_one_password():
    kept = passwords.make_hash("contraseña bajo el ahuehuete")
    assert passwords.is_right(kept, "contraseña bajo el ahuehuete")


@settings(max_examples=60)
@given(st.text(max_size=220), st.text(max_size=40))
def test_no_text_upsets_the_judge_of_passwords(password: str, email: str):
    fault = passwords.fault(password, email)
    assert fault is None or fault.endswith(".")
