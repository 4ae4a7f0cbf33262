"""Who may post: addresses behind proxies, and how often."""

import pytest

from connectors.forms.rate_limit import RateLimit, TooManyPostsError
from shared.http.client_address import TrustedProxies, household, is_loopback


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.5", "10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("10.0.0.5", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.5", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.5", "unknown", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1, junk", "10.0.0.5"),
        ("::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("not an address", "198.51.100.1", "not an address"),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_counts(peer: str, forwarded: str, client: str) -> None:
    assert TrustedProxies.parse("10.0.0.0/24, 192.0.2.1").client(peer, forwarded) == client


def test_nobody_is_trusted_by_default() -> None:
    assert TrustedProxies.parse("").client("127.0.0.1", "198.51.100.1") == "127.0.0.1"


def test_a_wrong_network_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        TrustedProxies.parse("10.0.0.1,nonsense")


def test_this_machine_is_known_in_all_its_spellings() -> None:
    assert all(is_loopback(value) for value in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", ""))
    assert not any(is_loopback(value) for value in ("203.0.113.9", "2001:db8::1", "localhost.evil"))


def test_a_network_of_the_sixth_version_is_one_sender() -> None:
    assert household("2001:db8::1") == household("2001:db8::2") != household("2001:db8:0:1::1")
    assert household("203.0.113.9") == "203.0.113.9"
    assert household("fe80::1%eth0") == household("fe80::2")


def test_an_address_may_post_so_often_and_no_more() -> None:
    now = [0.0]
    limit = RateLimit(60, now=lambda: now[0])
    for _ in range(60):
        limit.take("a")
    with pytest.raises(TooManyPostsError) as refused:
        limit.take("a")
    assert refused.value.wait_s == 1
    limit.take("b")
    now[0] = 1.0
    limit.take("a")
    with pytest.raises(TooManyPostsError):
        limit.take("a")


def test_a_slow_limit_says_how_long_to_wait() -> None:
    now = [0.0]
    limit = RateLimit(1, now=lambda: now[0])
    limit.take("a")
    with pytest.raises(TooManyPostsError) as refused:
        limit.take("a")
    assert refused.value.wait_s == 60


def test_many_senders_do_not_fill_the_memory() -> None:
    limit = RateLimit(60, now=lambda: 0.0)
    for number in range(30_000):
        limit.take(str(number))
    assert len(limit._buckets) == 20_000
