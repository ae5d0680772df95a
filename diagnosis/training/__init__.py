"""From a manifest of labelled images to a complete entry of the model store. Pure."""
