"""Rows out: HSDS JSON has one writer, for the API and for files alike."""
