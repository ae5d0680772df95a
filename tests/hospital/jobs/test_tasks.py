"""What a worker does around its tasks."""

import socket
import threading
from collections.abc import Iterator

import pytest
from kombu.asynchronous import Hub, get_event_loop, set_event_loop

from hospital.jobs.tasks import listen_again

PATIENCE_S = 20.0


@pytest.fixture
def turned() -> Iterator[threading.Semaphore]:
    """Count the turns of a loop that runs as a worker's does and has nothing to do."""
    before, hub = get_event_loop(), Hub()
    turns = threading.Semaphore(0)
    broker, heard = socket.socketpair()
    hub.add_reader(heard, heard.recv, 1)
    hub.on_tick.add(turns.release)
    hub.timer.call_after(10 * PATIENCE_S, turns.release)
    hub.fire_timers = lambda **_options: 10 * PATIENCE_S
    set_event_loop(hub)
    thread = threading.Thread(target=hub.run_forever)
    thread.start()
    yield turns
    hub.stop()
    thread.join()
    set_event_loop(before)
    hub.close()
    broker.close()
    heard.close()


def test_a_thread_that_takes_a_message_wakes_the_loop(
    turned: threading.Semaphore,
) -> None:
    assert turned.acquire(timeout=PATIENCE_S)

    listen_again()

    assert turned.acquire(timeout=PATIENCE_S)
