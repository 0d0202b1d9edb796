"""The six services; each imports `storyreel`, never another service."""
