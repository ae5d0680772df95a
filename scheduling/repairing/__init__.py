"""Ways on after a sick call, found by a child process: their search loads ortools."""
