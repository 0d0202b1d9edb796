"""The engines of image."""
