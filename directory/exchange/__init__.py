"""IN AND OUT: imports, exports and the HSDS API."""
