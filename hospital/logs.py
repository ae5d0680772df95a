"""Structured logs: one event a line, ids only, never a patient's name, number or text."""

import logging.config
import re
from typing import Any

import structlog

SECRET_IN_ADDRESS = re.compile(
    r"(/(?:accounts/(?:link|password/reset/key)|calendar)/)[^/ ]+"
)
QUERY_VALUE = re.compile(r"(?<=[?&;\w%.-])=[^&\s]*")
OF_A_ROW = re.compile(r"(DETAIL|CONTEXT|HINT|LINE \d+):|\s*\^$")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")


def without_codes(
    logger: Any, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:  # Any: structlog's own signature
    """Take secret codes out of the addresses that are logged: a log opens no door."""
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = SECRET_IN_ADDRESS.sub(r"\1…", request)
    return event


def without_what_was_typed(
    logger: Any, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:  # Any: structlog's own signature
    """Take the values out of a logged address: people search for patients by name."""
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = QUERY_VALUE.sub("=…", request)
    return event


def without_values(
    logger: Any, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:  # Any: structlog's own signature
    """Take what is quoted out of an exception's words, and the database's details.

    The trace itself stays: it is code, not data.
    """
    trace = event.get("exception")
    if isinstance(trace, str):
        lines = [line for line in trace.splitlines() if not OF_A_ROW.match(line)]
        event["exception"] = "\n".join(
            line if line.startswith(" ") else QUOTED.sub("…", line) for line in lines
        )
    return event


SHARED_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    without_codes,
    without_what_was_typed,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
    without_values,
]


def logging_config(*, level: str) -> dict[str, Any]:  # Any: logging's own schema
    """Return the logging configuration: key-value lines on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.KeyValueRenderer(
                        key_order=["timestamp", "level", "event"], drop_missing=True
                    ),
                ],
                "foreign_pre_chain": SHARED_PROCESSORS,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "uvicorn.access": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},  # our own lines say the same
            "celery.worker.strategy": {"level": "WARNING"},
            "django_structlog.celery.receivers": {"level": "WARNING"},  # as above
            "django.request": {"level": "ERROR"},
        },
    }


def configure(config: dict[str, Any]) -> None:  # Any: logging's own schema
    """Set up the standard library's logging and structlog alike."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
