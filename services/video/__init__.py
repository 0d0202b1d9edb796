"""Video: clips, conformed to the film's format."""
