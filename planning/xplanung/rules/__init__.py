"""The semantic rules of XPlanung (Konformitätsbedingungen): a table of small declarative entries, and the check that runs it.

check = SemanticCheck("6.0")
check.add(record)                   # every FeatureRecord of the file, in any order
findings = check.finish()           # each with the number of its rule as `condition`
"""

from planning.xplanung.rules.checking import SemanticCheck
from planning.xplanung.rules.rule import Rule
from planning.xplanung.rules.table import RULES

__all__ = ["RULES", "Rule", "SemanticCheck"]
