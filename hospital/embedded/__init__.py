"""PostgreSQL and Redis without an installation, for a machine that has neither.

Both come from Python wheels, keep their data in the platform's data folder, listen
on unix sockets in private folders and on no network. Whoever needs them borrows
them; the last borrower stops them.
"""

from hospital.embedded.errors import EmbeddedError
from hospital.embedded.postgres import Postgres
from hospital.embedded.redis import Redis
from hospital.embedded.server import Server
from hospital.embedded.services import Services

__all__ = ["EmbeddedError", "Postgres", "Redis", "Server", "Services"]
