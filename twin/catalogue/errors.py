"""What can go wrong in the catalogue; turned into HTTP answers in twin/api.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from tenants.errors import Refused, TenantsError


class ImportRefused(TenantsError):
    """Nothing of a delivered file was kept. findings: as a version's report holds them; the first one says why."""

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(str(findings[0]["rule"]))
        self.findings = list(findings)


class TooLarge(Refused):
    """The file is larger than the installation takes."""


class WrongOffset(TenantsError):
    """The piece of an upload does not follow what is there; the sender asks how much there is and goes on from it."""


class NoLicence(Refused):
    """What is public says under which licence it may be used."""


class NoDescription(Refused):
    """What is public says what it is: DCAT-AP.de demands it."""


class NothingDelivered(Refused):
    """A dataset without a version can't be opened to anybody."""


class VersionUnknown(Refused):
    """The dataset has no such version, or it is the current one."""
