"""What the drawings of the desk share in the browser."""

from pathlib import Path
from typing import Final

SCRIPTS: Final = {"funnelsim-desk": str(Path(__file__).parent)}
"""The folder of these scripts by the name under which they are imported."""
