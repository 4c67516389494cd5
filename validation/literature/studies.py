"""The chapter: five studies, one after the other."""

from funnelsim.validation.chapter import Chapter, Effort
from validation.literature.every_nth import every_nth
from validation.literature.flushing import flushing
from validation.literature.further_inspection import further_inspection
from validation.literature.tandem import tandem
from validation.literature.weigh_station import weigh_station

_TEXT = """\
Five publications on checkpoints are made again in kind: a small scenario in the manner of each, varied as they varied
theirs, and the question whether the same comes out. Their numbers are not compared, as their roads, demands and times
are not known or not ours; what must agree is which way things go. For a planner this says whether the model behaves
as checkpoints were found to behave by others, with other models.

What a publication found is taken from its abstract, not from its full text; where the abstract does not say it, the
source says so. Every verdict follows from a stated criterion: differences are of the same replications, and count
where they are beyond their 95 % error.

- *Flushing* (Jenkins et al. 2013): the queue of a border-patrol checkpoint is flushed when it is too long.
- *Tandem* (Gu, Cassidy and Li 2012, and two handbooks): officers one behind the other in one lane.
- *Further inspection* (Zhang, Luh and Wang 2011): everybody is inspected once, a share of them twice.
- *Weigh station* (Han, Ko, Gu and Jeong 2012; Gu and Han): a threshold that follows the queue.
- *Every n-th vehicle* (Katz, Coffey and Rakha 2009): patterns and officers of a sobriety checkpoint."""


def chapter(effort: Effort) -> Chapter:
    """Make the five studies, in seconds with `effort.quick`, in less than a minute without."""
    studies = [make(effort) for make in (flushing, tandem, further_inspection, weigh_station, every_nth)]
    return Chapter(
        name="literature",
        title="Literature in kind",
        text=_TEXT,
        lines=tuple(line for study in studies for line in study.lines),
        figures={study.name: (study.figure, study.said) for study in studies},
    )
