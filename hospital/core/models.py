"""What every row of the platform has in common."""

import uuid

from django.db import models


class Row(models.Model):
    """A row that may be shown outside: named by a UUID, dated when made and changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created = models.DateTimeField(auto_now_add=True, db_index=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class KeptAnswer(models.Model):
    """The first answer to a POST that carried an Idempotency-Key, given again later.

    While `status` is empty the first request is still being worked on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    principal = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # of what was sent
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "path", "key"], name="kept_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.status}"
