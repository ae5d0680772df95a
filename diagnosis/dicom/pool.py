"""The parent's side: a few decoder children, supervised, behind plain functions.

Loads neither numpy nor pydicom, so the web process may use it. Every call returns a
result or raises DicomRefused; a child that hangs is killed, one that died is replaced.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any  # Any: answers are JSON of the child's making

from diagnosis.dicom.errors import SENTENCES, DicomRefused
from diagnosis.dicom.header import Header
from diagnosis.dicom.limits import START_S, STARVED_FACTOR, WALL_CLOCK_S
from diagnosis.dicom.wire import WireClosedError, WireTimeoutError, receive, send

ROOT = Path(__file__).resolve().parents[2]
STARVED_SHARE = 0.75  # a child that had less of its seconds than this was starved
LOOK_AGAIN_S = 0.2
MAX_REQUESTS = 2_000  # of one child: memory that a codec leaks does not pile up
# The only environment a child gets: no secret of ours is in it.
CHILD_ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file's checked header and its attributes in the DICOM JSON model.

    The attributes stay text until they are wanted: ten thousand are kept at a time.
    """

    header: Header
    attributes_json: bytes

    @property
    def attributes(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.attributes_json)
        return parsed


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame's bytes and the transfer syntax they are in."""

    data: bytes
    transfer_syntax_uid: str
    photometric_interpretation: str


@dataclass(frozen=True, slots=True)
class PixelData:
    """Every frame's values, little endian, shape (frames, rows, columns[, 3]).

    Modality values (HU for CT) are value x `slope` + `intercept`.
    """

    data: bytes
    dtype: str  # numpy's spelling, such as "<i2"
    shape: tuple[int, ...]
    slope: float
    intercept: float
    photometric_interpretation: str


@dataclass(slots=True)
class Patience:
    """How much longer to wait for a child: some seconds of wall clock.

    A machine that is busy may leave a child waiting for its turn; such a child is
    waited for longer, up to STARVED_FACTOR times, while it has not had its seconds.
    """

    pid: int
    seconds: float
    began: float = field(default_factory=time.monotonic)
    cpu_before: float = field(init=False)

    def __post_init__(self) -> None:
        self.cpu_before = cpu_seconds(self.pid)

    def __call__(self) -> float:
        waited = time.monotonic() - self.began
        if waited < self.seconds:
            return self.seconds - waited
        worked = cpu_seconds(self.pid) - self.cpu_before
        is_starved = worked < self.seconds * STARVED_SHARE
        return LOOK_AGAIN_S if is_starved and waited < self.longest else 0.0

    @property
    def longest(self) -> float:
        return self.seconds * STARVED_FACTOR


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has had; endless where nobody can tell."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return float("inf")
    fields_after_name = text.rpartition(")")[2].split()
    ticks = int(fields_after_name[11]) + int(fields_after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Child:
    """One decoder process."""

    process: subprocess.Popen[bytes]
    requests: int = 0

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask(
        self, request: Mapping[str, Any], *, seconds: float
    ) -> tuple[dict[str, Any], bytearray]:
        """Return the child's answer; raises when it dies or is late."""
        self.requests += 1
        if self.process.stdin is None or self.process.stdout is None:
            raise WireClosedError
        send(self.process.stdin.fileno(), {**request, "seconds": seconds})
        return receive(
            self.process.stdout.fileno(), patience=Patience(self.process.pid, seconds)
        )

    def kill(self) -> None:
        """End the process and reap it."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()


@dataclass(slots=True)
class DecoderPool:
    """At most `size` children, started when first needed."""

    size: int = 2
    wall_clock_s: float = WALL_CLOCK_S
    _slots: threading.BoundedSemaphore = field(init=False)
    _idle: list[Child] = field(init=False, default_factory=list)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _is_warming: bool = field(init=False, default=False)
    deaths: int = field(init=False, default=0)  # kills and crashes since the start

    def __post_init__(self) -> None:
        self._slots = threading.BoundedSemaphore(self.size)

    def read(self, path: Path, *, attributes: bool = True) -> FileFacts:
        """Return a file's header and, where asked for, its attributes."""
        facts, body = self._call("header", path=str(path), attributes=attributes)
        return FileFacts(Header.from_json(facts["header"]), bytes(body))

    def read_header(self, path: Path) -> Header:
        """Return a file's checked header."""
        return self.read(path, attributes=False).header

    def metadata(self, path: Path) -> dict[str, Any]:
        """Return a file's attributes in the DICOM JSON model, without bulk data."""
        return self.read(path).attributes

    def image_as_dicom(self, path: Path, identity: Mapping[str, str]) -> bytes:
        """Return a PNG or JPEG image as a DICOM object (`images.ImageIdentity`)."""
        _, body = self._call("image_as_dicom", path=str(path), identity=dict(identity))
        return bytes(body)

    def frame(self, path: Path, number: int, *, transcode: bool = True) -> Frame:
        """Return one frame, from 1: decoded, or as the file holds it."""
        facts, body = self._call(
            "frame", path=str(path), number=number, transcode=transcode
        )
        return Frame(bytes(body), facts["transfer_syntax_uid"], facts["photometric"])

    def render(self, path: Path, options: "RenderRequest") -> bytes:
        """Return one frame as PNG or JPEG."""
        _, body = self._call("render", path=str(path), options=asdict(options))
        return bytes(body)

    def pixels(self, path: Path) -> PixelData:
        """Return all frames' values."""
        return _pixel_data(*self._call("pixels", path=str(path)))

    def volume_header(self, path: Path) -> Header:
        """Return the checked header of a NIfTI volume."""
        facts, _ = self._call("volume_header", path=str(path))
        return Header.from_json(facts["header"])

    def volume_slices(self, path: Path, *, first: int, count: int) -> PixelData:
        """Return some of a NIfTI volume's axial slices, from 0 at the feet."""
        request = {"path": str(path), "first": first, "count": count}
        return _pixel_data(*self._call("volume_slices", **request))

    def label_report(self, request: Mapping[str, Any]) -> bytes:
        """Return a reader's label as a structured report (`markreport`)."""
        _, body = self._call("label_report", label=dict(request))
        return bytes(body)

    def label_segmentation(self, request: Mapping[str, Any]) -> bytes:
        """Return a label's marks of one series as a segmentation (`marksegmentation`)."""
        _, body = self._call("label_segmentation", label=dict(request))
        return bytes(body)

    def read_label(self, path: Path) -> dict[str, Any]:
        """Return the label of a structured report or a segmentation as JSON.

        It is empty where the file holds none; `flaw` says why a segmentation does not.
        """
        facts, _ = self._call("read_label", path=str(path))
        label: dict[str, Any] = facts["label"]
        return label

    def warm(self) -> None:
        """Start a child beside what the caller does, unless one waits already."""
        with self._lock:
            if self._idle or self._is_warming:
                return
            self._is_warming = True
        threading.Thread(target=self._start_one, daemon=True).start()

    def _start_one(self) -> None:
        try:
            with contextlib.suppress(DicomRefused), self._slots:
                self._give_back(start_child(), keep=True)
        finally:
            self._is_warming = False

    def close(self) -> None:
        """End every idle child."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    def _call(self, operation: str, **request: object) -> tuple[Any, bytearray]:
        # Any: the result's shape is the operation's, checked by the caller.
        with self._slots:
            child = self._take()
            keep = False
            try:
                facts, body = child.ask(
                    {"operation": operation, **request}, seconds=self.wall_clock_s
                )
                keep = facts.get("refused") != "too_large"
            except WireTimeoutError as error:
                raise DicomRefused("timeout") from error
            except (WireClosedError, ValueError) as error:
                raise DicomRefused("decoder_died") from error
            finally:
                self._give_back(child, keep=keep)
        if "refused" in facts:
            code = facts["refused"]
            known = code if code in SENTENCES else "unreadable"
            raise DicomRefused(known, str(facts.get("detail", ""))[:200])
        return facts["result"], body

    def _take(self) -> Child:
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                return start_child()
            if child.is_alive:
                return child
            child.kill()

    def _give_back(self, child: Child, *, keep: bool) -> None:
        if keep and child.requests < MAX_REQUESTS:
            with self._lock:
                self._idle.append(child)
            return
        if not keep:
            self.deaths += 1
        child.kill()


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """How a frame is shown; see `rendering.RenderOptions`, which it becomes."""

    frame: int = 1
    center: float | None = None
    width: float | None = None
    longest_side: int | None = None
    media_type: str = "image/png"


def _pixel_data(facts: dict[str, Any], body: bytearray) -> PixelData:
    return PixelData(
        data=bytes(body),
        dtype=facts["dtype"],
        shape=tuple(facts["shape"]),
        slope=facts["slope"],
        intercept=facts["intercept"],
        photometric_interpretation=facts["photometric"],
    )


def start_child() -> Child:
    """Return a child that is ready; raises DicomRefused where none can be had."""
    process = subprocess.Popen(
        [sys.executable, "-m", "diagnosis.dicom.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=CHILD_ENVIRONMENT,
        cwd=ROOT,
        bufsize=0,
    )
    child = Child(process)
    try:
        receive(_stdout(child), patience=Patience(process.pid, START_S))
    except (WireClosedError, WireTimeoutError) as error:
        child.kill()
        raise DicomRefused("decoder_died", "(it did not start)") from error
    return child


def _stdout(child: Child) -> int:
    if child.process.stdout is None:
        raise WireClosedError
    return child.process.stdout.fileno()


_pools: dict[int, DecoderPool] = {}  # by process id: a fork must not share pipes
_pools_lock = threading.Lock()


def decoder_pool() -> DecoderPool:
    """Return this process's pool."""
    with _pools_lock:
        pool = _pools.get(os.getpid())
        if pool is None:
            pool = _pools[os.getpid()] = DecoderPool(size=os.cpu_count() or 2)
            atexit.register(pool.close)
        return pool
