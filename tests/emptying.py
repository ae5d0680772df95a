"""Empties the tables after a test that commits: by rows, as most tables have none.

Django makes every table anew and asks for all permissions again, which takes many times
as long as most of these tests.
"""

from django.db import connection
from django.test import TransactionTestCase

# As a replica: no trigger keeps a row, and no foreign key asks for an order.
EMPTY = """
DO $$
DECLARE place regclass;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR place IN
    SELECT oid FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN
      ('django_migrations', 'django_content_type', 'auth_permission')
  LOOP
    EXECUTE format('DELETE FROM %s', place);
  END LOOP;
END $$
"""


def empty(_test: TransactionTestCase) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
