"""WHERE: areas, coordinates, geocoding."""
