"""What the law calls work, and what rest.

On-call duty at the workplace is working time in full (Court of Justice of the EU,
C-303/98 SIMAP, C-151/02 Jaeger). Stand-by at home counts no minutes and is rest until
somebody is called (C-580/19, 2003/88/EC Art. 2), so a law's clauses do not see it.
"""

from scheduling.solver.instance import Instance
from scheduling.solver.rules import OFF


def work_of(instance: Instance) -> frozenset[str]:
    """Return the shifts that are work: all but stand-by at home."""
    return instance.all_shifts - instance.home_shifts


def counted_of(instance: Instance) -> frozenset[str]:
    """Return the shifts that a count of work names; empty where every shift is work."""
    return work_of(instance) if instance.home_shifts else frozenset()


def nights_of(instance: Instance) -> frozenset[str]:
    """Return the night work."""
    nights = (shift.id for shift in instance.shift_types if shift.is_night)
    return frozenset(nights) - instance.home_shifts


def rest_of(instance: Instance) -> frozenset[str]:
    """Return what a day without work may hold."""
    return instance.home_shifts | {OFF}
