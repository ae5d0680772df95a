"""Which commands need the embedded servers, and how they get them."""

import signal
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from types import FrameType

import django
from django.conf import settings
from django.core.management import get_commands, load_command_class

from hospital.embedded.postgres import Postgres
from hospital.embedded.redis import Redis
from hospital.embedded.server import Server
from hospital.embedded.services import Services

# Django's own commands that touch neither database nor broker. A command of ours says
# so itself: `needs_services = False` on its class.
FREE_COMMANDS = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "spectacular",
        "startapp",
        "startproject",
        "version",
    }
)


def services(*, durable: bool = True) -> Services:
    """Return the embedded servers that the settings ask for, not yet started."""
    servers: list[Server] = []
    if settings.EMBEDDED_DATABASE:
        servers.append(Postgres(settings.VAR, durable=durable))
    if settings.EMBEDDED_REDIS:
        servers.append(Redis(settings.VAR))
    return Services(settings.VAR, servers)


def services_for(arguments: Sequence[str]) -> AbstractContextManager[object]:
    """Return a block in which the command of these arguments finds what it needs."""
    if not needs_services(arguments):
        return nullcontext()
    signal.signal(signal.SIGTERM, exit_in_order)
    return services()


def needs_services(arguments: Sequence[str]) -> bool:
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    name = arguments[0]
    if name in FREE_COMMANDS:
        return False
    django.setup()
    app = get_commands().get(name)
    if app is None:
        return False
    return getattr(load_command_class(app, name), "needs_services", True)


def exit_in_order(number: int, frame: FrameType | None) -> None:
    """Leave through every `finally`, so that what was started is stopped."""
    sys.exit(128 + number)
