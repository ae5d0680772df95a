"""`manage.py load_demo`: people, patients and images to try the platform with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from hospital.core.demo import Demo
from hospital.core.registry import registry


class Command(BaseCommand):
    help = "Load the demo data; a second time changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", nargs="+", metavar="ROOM", help="these rooms")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        path = settings.VAR.root / "demo.json"
        demo = Demo.read(path, url=f"http://localhost:{settings.PORT}")
        for part in sorted(registry.demo_parts, key=lambda part: part.order):
            if not options["only"] or part.room in options["only"]:
                import_string(part.loader)(demo)
        demo.write(path)
        self.stderr.write(f"demo people and their passwords: {path}")
