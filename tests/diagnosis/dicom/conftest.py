from collections.abc import Iterator

import pytest

from diagnosis.dicom.pool import DecoderPool


@pytest.fixture(scope="session")
def pool() -> Iterator[DecoderPool]:
    pool = DecoderPool(size=1)
    yield pool
    pool.close()
