#!/usr/bin/env python
"""The door to every command; `manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")
    from hospital.alone import can_run_alone, run_alone  # noqa: PLC0415

    if can_run_alone(sys.argv[1:]):
        run_alone(sys.argv)
        return

    from django.core.management import execute_from_command_line  # noqa: PLC0415 (reads the line above)

    from hospital.embedded import EmbeddedError  # noqa: PLC0415
    from hospital.embedded.door import services_for  # noqa: PLC0415

    try:
        with services_for(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
