"""``python -m funnelsim.cli``."""

from funnelsim.cli import main

main()
