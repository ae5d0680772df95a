"""Becomes another program that ends with the supervisor, even one that is killed.

Run by its path, with the supervisor's number and a command. It is a program of its own
because nothing but exec is safe between fork and exec in a process with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    supervisor, command = int(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:  # it ended before the kernel was asked
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 (the supervisor's own table)


if __name__ == "__main__":
    main()
