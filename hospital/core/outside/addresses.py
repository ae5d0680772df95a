"""Where a call may go: into the open internet, and where the hospital says.

A name is looked up once, every address it has is judged, and the connection is made to
an address that was judged: a name that changes its mind meanwhile changes nothing.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
PORTS = {"https": 443, "http": 80}
LONGEST_URL = 500
# Addresses of one kind that carry one of another kind inside.
CARRIERS = tuple(
    map(
        IPv6Network,
        ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
    )
)


Refusal = Literal["no_address", "not_whole", "secrets", "not_encrypted", "private"]
REFUSALS: dict[Refusal, str] = {
    "no_address": "This is no address that could be called.",
    "not_whole": "Write a whole address, such as https://engine.hospital.example/anji.",
    "secrets": "The address must hold no user name, password or #fragment.",
    "not_encrypted": "The address must begin with https, or its host be allowed.",
    "private": "The address lies in a private network, and its host is not allowed.",
}


class AddressRefused(ValueError):
    """Nothing may go to this address; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(REFUSALS[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart; `path` has its query with it."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect: what `socket` needs, of an address that was judged."""

    family: int
    address: tuple[Any, ...]  # Any: as `getaddrinfo` returns it


@dataclass(frozen=True, slots=True)
class Allowed:
    """The hosts and networks that the hospital allows although they are its own."""

    hosts: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Allowed":
        """Return them from host names, addresses and networks such as 10.20.0.0/16."""
        hosts, networks = set(), []
        for entry in entries:
            try:
                networks.append(ip_network(entry))
            except ValueError:
                hosts.add(entry.lower())
        return cls(frozenset(hosts), tuple(networks))

    def has(self, host: str) -> bool:
        """Whether the host, as it is written, is allowed by name or number."""
        try:
            return host in self.hosts or self.holds(ip_address(host))
        except ValueError:
            return False

    def holds(self, address: Address) -> bool:
        return any(
            address in network
            for network in self.networks
            if network.version == address.version
        )


def target_of(url: str, *, allowed: Allowed) -> Target:
    """Return the URL taken apart.

    Raises:
        AddressRefused: It is none, is not encrypted, or names a private address.
    """
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".")
    if not host or parts.scheme not in PORTS:
        raise AddressRefused("not_whole")
    if parts.username is not None or parts.fragment:
        raise AddressRefused("secrets")
    if parts.scheme == "http" and not allowed.has(host):
        raise AddressRefused("not_encrypted")
    _judge_number(host, allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, parts.port or PORTS[parts.scheme], path)


def places_of(target: Target, *, allowed: Allowed) -> list[Place]:
    """Return where the target's host is now.

    Raises:
        AddressRefused: One of its addresses is private and not allowed.
        OSError: The name is not known, or nobody could be asked.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    for _family, _type, _protocol, _name, place in found:
        if target.host not in allowed.hosts:
            _judge(ip_address(place[0]), allowed)
    return [Place(family, place) for family, _, _, _, place in found]


def is_open(address: Address) -> bool:
    """Whether the address lies in the open internet, and hides no other one."""
    if isinstance(address, IPv6Address) and any(address in net for net in CARRIERS):
        return False
    closed = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not closed


def _split(url: str) -> SplitResult:
    clean = url.isascii() and url.isprintable() and " " not in url
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises where it is no port)
    except ValueError:
        clean = False
    if not clean or len(url) > LONGEST_URL or "\\" in url:
        raise AddressRefused("no_address")
    return parts


def _judge_number(host: str, allowed: Allowed) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        return  # a name: judged when it is looked up, each time
    _judge(address, allowed)


def _judge(address: Address, allowed: Allowed) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if not allowed.holds(address) and not is_open(address):
        raise AddressRefused("private")
