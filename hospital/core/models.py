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
