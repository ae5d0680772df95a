"""Ways of searching, each `run(instance, *, start, seed, exchange)`."""
