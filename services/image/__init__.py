"""Image: character sheets and panels."""
