"""Calls to other servers: only to judged addresses, by a deadline, without redirects."""

from hospital.core.outside.addresses import AddressRefused, Allowed, target_of
from hospital.core.outside.calls import connected

__all__ = ["AddressRefused", "Allowed", "connected", "target_of"]
