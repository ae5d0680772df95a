"""One log of many processes: each line begins with who wrote it."""

import asyncio
import sys
from pathlib import Path
from typing import TextIO

NAME_WIDTH = 10
CHUNK_BYTES = 65_536
TAIL_S = 0.3


class Log:
    """Writes whole lines, so that processes never mix within one."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream

    def say(self, name: str, line: str) -> None:
        self._stream.write(f"{name:<{NAME_WIDTH}}| {line}\n")
        self._stream.flush()

    async def copy(self, name: str, source: asyncio.StreamReader) -> None:
        """Copy a process's output until it closes it."""
        rest = b""
        while chunk := await source.read(CHUNK_BYTES):
            rest = self._say_lines(name, rest + chunk)
        if rest:
            self._say_lines(name, rest + b"\n")

    async def follow(self, name: str, path: Path) -> None:
        """Copy what is added to a file from now on, until cancelled."""
        place = path.stat().st_size if path.exists() else 0
        rest = b""
        while True:
            if path.exists() and path.stat().st_size < place:
                place = 0  # begun anew
            if path.exists() and path.stat().st_size > place:
                with path.open("rb") as file:
                    file.seek(place)
                    added = file.read()
                place += len(added)
                rest = self._say_lines(name, rest + added)
            await asyncio.sleep(TAIL_S)

    def _say_lines(self, name: str, data: bytes) -> bytes:
        *lines, rest = data.split(b"\n")
        for line in lines:
            self.say(name, line.decode(errors="replace").rstrip("\r"))
        return rest
