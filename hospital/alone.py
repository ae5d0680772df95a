"""Commands that know pure packages alone: they begin at once, without the platform.

Loading every app takes seconds, and a command with a time limit pays for them.
"""

from collections.abc import Sequence

from django.conf import settings
from django.core.management import load_command_class

ALONE = {"solve_roster": "scheduling", "explain_roster": "scheduling"}  # and their app
OF_DJANGO = ("--settings", "--pythonpath")  # options that ask for more than the command


def can_run_alone(arguments: Sequence[str]) -> bool:
    """Whether the command of these arguments needs neither settings nor apps."""
    if not arguments or arguments[0] not in ALONE:
        return False
    return not any(one.startswith(OF_DJANGO) for one in arguments)


def run_alone(argv: Sequence[str]) -> None:
    """Run the command of a whole command line."""
    settings.configure()  # what Django asks for at a command's end is not worth ours
    name = argv[1]
    load_command_class(ALONE[name], name).run_from_argv(list(argv))
