"""What is checked, and what comes out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from planning.xplanung.properties import Json
from twin.usecases.plan_check.balance import Assumptions, Balance
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
    """An area of a plan, in m²; valid: as it came. plan: its place among the plans; flush: it is part of what covers the plan without gaps."""

    key: int
    plan: int
    gml_id: str
    title: str
    use: Use
    area: float
    valid: bool = True
    flush: bool = False
    words: str = ""  # the use, for the balance
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
    """source: its place among the sources; shape: GeoJSON text."""

    site: int
    source: int
    area: float
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
    """source: None for depths and neighbours. percent: of the site. shape: GeoJSON text, or ""."""

    plan: int
    rule: Rule
    site: Site | None
    source: Source | None = None
    area: float = 0.0
    percent: float = 0.0
    shape: str = ""
    depth: Depth | None = None
    beside: Beside | None = None


@dataclass(frozen=True)
class Outcome:
    """findings: the strongest first. balances: of each plan, None where no area of it is marked as part of the whole."""

    inputs: Inputs
    findings: tuple[Finding, ...]
    balances: tuple[Balance | None, ...]
