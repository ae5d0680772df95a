"""What was measured of models and data, as people read it."""
