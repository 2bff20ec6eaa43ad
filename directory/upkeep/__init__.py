"""STILL TRUE? Revisits, proposals, doubts."""
