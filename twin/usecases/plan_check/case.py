"""What is checked, and what comes out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from planning.xplanung.properties import Json
from twin.usecases.plan_check.balance import Assumptions, Balance
from twin.usecases.plan_check.permits import Permits
from twin.usecases.plan_check.rules import Rule
from twin.usecases.plan_check.uses import Use


@dataclass(frozen=True)
class Checked:
    """A version of a plan. year: of the version of the BauNVO that it follows, None where it is not known. shape: GeoJSON text."""

    number: int  # of the version
    title: str
    address: str
    year: int | None
    shape: str


@dataclass(frozen=True)
class Site:
    """What a plan states of a place. dimension: 2 an area, 1 a line, 0 points; size: m², m, or their number; valid: as it came. plan: its
    place among the plans; flush: it is part of what covers the plan without gaps. words: the use, for the balance; kind of lines and points."""

    key: int
    plan: int
    gml_id: str
    title: str
    use: Use
    size: float
    valid: bool = True
    flush: bool = False
    words: str = ""
    dimension: int = 2
    properties: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A dataset of areas. of: when it was delivered."""

    title: str
    owner: str
    role: str
    of: date


@dataclass(frozen=True)
class Overlap:
    """source: its place among the sources; size: as that of the site; shape: GeoJSON text."""

    site: int
    source: int
    size: float
    shape: str


@dataclass(frozen=True)
class Beside:
    """Another administration's plan that meets a plan, or lies near it. m², m."""

    plan: int
    title: str
    owner: str
    of: date
    area: float
    distance: float


@dataclass(frozen=True)
class Depth:
    """Shares of a site: that the run covers, and that stands deeper than 10 cm and 50 cm of what it covers."""

    covered: float
    deeper: Mapping[float, float]


@dataclass(frozen=True)
class Inputs:
    plans: tuple[Checked, ...]
    sites: Mapping[int, Site]
    sources: tuple[Source, ...]
    overlaps: tuple[Overlap, ...]
    besides: tuple[Beside, ...]
    depths: Mapping[int, Depth]
    assumed: Assumptions
    on: date


@dataclass(frozen=True)
class Finding:
    """source: None for depths and neighbours. size: as that of the site; percent: of the site. shapes: GeoJSON texts.

    Lines and points of one kind are told together: site is the first of them, of: how many there are in the plan, met: how many of them meet.
    """

    plan: int
    rule: Rule
    site: Site | None
    source: Source | None = None
    size: float = 0.0
    percent: float = 0.0
    shapes: tuple[str, ...] = ()
    of: int = 1
    met: int = 1
    depth: Depth | None = None
    beside: Beside | None = None


@dataclass(frozen=True)
class Outcome:
    """findings: the strongest first. balances: of each plan, None where no area of it is marked as part of the whole. permits: of the plans that
    meet a Hochwasserentstehungsgebiet; None as for the balances."""

    inputs: Inputs
    findings: tuple[Finding, ...]
    balances: tuple[Balance | None, ...]
    permits: Mapping[int, Permits | None]
