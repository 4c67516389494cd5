"""The command of the whole validation: what `funnelsim validate` compares, then the studies.

Run it in the project's folder: ``python -m validation --page docs/validation.md``.
"""

import typer

from funnelsim.cli.options import Engines
from funnelsim.cli.validate import PageFile, Quick, compare
from funnelsim.validation.chapters import KNOWN
from validation.chapters import STUDIES


def main(*, quick: Quick = False, page: PageFile = None, engine: Engines = "compiled") -> None:
    """Compare the model with theory, other simulators, real operations and the literature.

    Simulators that are not installed are left out; they come with the extra named peers. The exit code is 1 if the
    model differs from anything without a known reason.
    """
    compare(KNOWN + STUDIES, quick=quick, page=page, engine=engine)


if __name__ == "__main__":
    typer.run(main)
