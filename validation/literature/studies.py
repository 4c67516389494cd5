"""The chapter: five studies, one after the other."""

from funnelsim.validation.chapter import Chapter, Effort
from validation.literature.every_nth import every_nth
from validation.literature.flushing import flushing
from validation.literature.further_inspection import further_inspection
from validation.literature.tandem import tandem
from validation.literature.weigh_station import weigh_station

_TEXT = """\
Five publications on checkpoints are reproduced in kind: a small scenario in the manner of each, varied as its authors
varied theirs, and the question whether the same result appears. Their numbers are not compared, because their roads,
demands and times are unknown or differ from ours; the direction of each effect must agree. For a planner this says
whether the model behaves as others found checkpoints to behave, with other models.

What a publication found is taken from its abstract, not from its full text; where the abstract does not say it, the
source says so. Every verdict follows from a stated criterion: differences are between the same replications, and count
if they exceed their 95 % error.

- *Flushing* (Jenkins et al. 2013): the queue of a border-patrol checkpoint is flushed when it is too long.
- *Tandem* (Gu, Cassidy and Li 2012, and two handbooks): officers one behind the other in one lane.
- *Further inspection* (Zhang, Luh and Wang 2011): everybody is inspected once, a share of them twice.
- *Weigh station* (Han, Ko, Gu and Jeong 2012; Gu and Han): a threshold that follows the queue.
- *Every n-th vehicle* (Katz, Coffey and Rakha 2009): patterns and officers of a sobriety checkpoint."""


def chapter(effort: Effort) -> Chapter:
    """Run the five studies, in seconds with `effort.quick`, in less than a minute without."""
    studies = [make(effort) for make in (flushing, tandem, further_inspection, weigh_station, every_nth)]
    return Chapter(
        name="literature",
        title="Literature in kind",
        text=_TEXT,
        lines=tuple(line for study in studies for line in study.lines),
        figures={study.name: (study.figure, study.alt_text) for study in studies},
    )
