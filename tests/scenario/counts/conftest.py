from pathlib import Path

import pytest

SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def real():
    """Return a function from a file's name to a real count file, or skip."""

    def find(name):
        path = SHARED / name
        if not path.is_file():
            pytest.skip(f"the real count file {name} is not beside the repository (shared/data)")
        return path

    return find


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a count file and returns its path."""

    def put(content, name="count.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put
