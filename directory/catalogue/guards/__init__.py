"""What must hold before the catalogue keeps or shows something."""

from directory.catalogue.guards.actors import actors
from directory.catalogue.guards.completeness import gaps, missing
from directory.catalogue.guards.rows import check
from directory.catalogue.guards.values import cleaned, referred, wrong

__all__ = ["actors", "check", "cleaned", "gaps", "missing", "referred", "wrong"]
