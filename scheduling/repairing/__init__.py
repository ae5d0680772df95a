"""Ways on after a sick call, found by a child of a worker: their search loads ortools."""
