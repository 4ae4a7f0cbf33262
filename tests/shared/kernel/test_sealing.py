"""Secrets: readable only with a key of the ring and for their own purpose."""

import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.sealing import SealingKeys, UnreadableSecretError


def ring(*names: str) -> str:
    """Return the setting of a ring with fresh keys."""
    return ",".join(f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}" for name in names)


OLD, NEW = ring("old"), ring("new")
KEYS = SealingKeys.parse(f"{NEW},{OLD}")


def test_what_was_sealed_can_be_opened() -> None:
    sealed = KEYS.seal("пароль", purpose="channel")
    assert sealed.startswith("new:")
    assert "пароль" not in sealed
    assert KEYS.open(sealed, purpose="channel") == "пароль"


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert KEYS.seal("x", purpose="channel") != KEYS.seal("x", purpose="channel")


def test_an_older_key_still_opens_and_the_first_one_writes() -> None:
    sealed = SealingKeys.parse(OLD).seal("x", purpose="channel")
    assert KEYS.open(sealed, purpose="channel") == "x"
    assert KEYS.seal("x", purpose="channel").startswith("new:")


def test_without_its_key_a_secret_stays_closed() -> None:
    with pytest.raises(UnreadableSecretError):
        SealingKeys.parse(OLD).open(KEYS.seal("x", purpose="channel"), purpose="channel")


def test_a_secret_of_another_purpose_stays_closed() -> None:
    with pytest.raises(UnreadableSecretError):
        KEYS.open(KEYS.seal("x", purpose="channel"), purpose="mailbox")


def test_every_changed_letter_is_noticed() -> None:
    name, _, body = KEYS.seal("secret", purpose="channel").partition(":")
    raw = base64.b64decode(body)
    for place in range(len(raw)):
        changed = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        with pytest.raises(UnreadableSecretError):
            KEYS.open(f"{name}:{base64.b64encode(changed).decode()}", purpose="channel")


@given(st.text(max_size=80) | st.text(max_size=80).map("new:{}".format))
def test_what_was_never_sealed_is_unreadable_and_breaks_nothing(text: str) -> None:
    with pytest.raises(UnreadableSecretError):
        KEYS.open(text, purpose="channel")


@pytest.mark.parametrize("value", ["", ",", "a", "a:", "a:AAAA", "a:не base64", f"{NEW},b:AAAA"])
def test_a_ring_with_a_wrong_key_cannot_be_read(value: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        SealingKeys.parse(value)


def test_the_keys_are_not_shown() -> None:
    assert OLD.partition(":")[2] not in repr(KEYS)
    assert "\\x" not in repr(KEYS)
