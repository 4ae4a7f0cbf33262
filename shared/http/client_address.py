"""Whose address a request comes from: the peer's, or the forwarded one behind a proxy that we trust."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

CLIENT_ADDRESS = "x-client-address"
"""The header by which a unit tells another unit whose request it passes on."""
_MOST_HOPS = 20


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The networks of `VORONKA_TRUSTED_PROXIES`."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read addresses and networks parted by commas; ValueError when one is neither."""
        return cls(tuple(ip_network(item.strip(), strict=False) for item in value.split(",") if item.strip()))

    def client(self, peer: str, forwarded: str) -> str:
        """Return the client's address: the last one of `forwarded` (X-Forwarded-For) that is not a proxy of ours."""
        if not self.networks or not forwarded or not self._trusts(peer):
            return peer
        client = peer
        for hop in reversed(forwarded.split(",")[-_MOST_HOPS:]):
            address = address_in(hop)
            if not address:
                break
            client = address
            if not self._trusts(address):
                break
        return client

    def _trusts(self, value: str) -> bool:
        try:
            address = ip_address(value)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks)


def address_in(hop: str) -> str:
    """Return the address of one hop without its port and brackets; empty when it is none."""
    hop = hop.strip().strip('"')
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ip_address(hop))
    except ValueError:
        return ""


@lru_cache(maxsize=1_000)
def is_loopback(value: str) -> bool:
    """Say whether the address is this machine itself; a local socket has none."""
    if not value:
        return True
    try:
        address = ip_address(value)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def household(value: str) -> str:
    """Return what counts as one sender: an IPv4 address, or the /64 network of an IPv6 one."""
    if ":" not in value:
        return value
    try:
        return str(ip_network(f"{value.partition('%')[0]}/64", strict=False))
    except ValueError:
        return value
