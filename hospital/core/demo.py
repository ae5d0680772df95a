"""The demo's own record: who may sign in with what, kept beside the data."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person of the demo, as `demo.json` tells of them."""

    username: str
    password: str
    api_token: str


@dataclass(slots=True)
class Demo:
    """What `load_demo` fills: each room adds its part.

    Attributes:
        url: Where the platform answers.
        users: By role; empty before the first load.
        api_token: The integrator's, with every scope and every department.
    """

    url: str
    users: dict[str, DemoUser] = field(default_factory=dict)
    api_token: str = ""

    @classmethod
    def read(cls, path: Path, *, url: str) -> "Demo":
        """Return what was written before, or an empty demo where there is nothing."""
        if not path.exists():
            return cls(url=url)
        kept = json.loads(path.read_text())
        users = {role: DemoUser(**user) for role, user in kept["users"].items()}
        return cls(url=url, users=users, api_token=kept["api_token"])

    def write(self, path: Path) -> None:
        """Write it for its owner's eyes alone, whole or not at all."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        if path.exists() and path.read_text() == text:
            return
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(text)
        draft.replace(path)
