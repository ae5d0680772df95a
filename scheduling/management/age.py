"""How long this process has been running: a time limit begins when it was typed."""

import os
import time
from pathlib import Path

START_FIELD = 19  # of /proc/self/stat, after the name's closing bracket: proc(5)


def process_age_s() -> float:
    """Return the seconds since this process began; 0 where the system does not say."""
    try:
        told = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    ticks = int(told.rpartition(")")[2].split()[START_FIELD])
    began = ticks / os.sysconf("SC_CLK_TCK")
    return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - began)
