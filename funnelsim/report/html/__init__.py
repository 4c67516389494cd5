"""The report: one HTML file that holds everything, for someone who was not there."""

from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.report.html.page import rendered
from funnelsim.report.html.provenance import Provenance, provenance_of
from funnelsim.report.html.run_page import run_document
from funnelsim.report.html.sweep_page import sweep_document

__all__ = ["Provenance", "html_report", "provenance_of"]


def html_report(result: Run | Sweep, provenance: Provenance) -> str:
    """Return a result as one HTML page that needs nothing else: no network, no other file.

    The same result gives the same page.

    Parameters
    ----------
    result
        A run, or a sweep.
    provenance
        What it was made with.
    """
    document = run_document(result, provenance) if isinstance(result, Run) else sweep_document(result, provenance)
    return rendered(document)
