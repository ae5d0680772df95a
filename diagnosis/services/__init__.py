"""Short writes of the diagnosis room."""
