import pytest


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a count file and returns its path."""

    def put(content, name="count.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put
