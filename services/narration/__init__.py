"""Narration: speech and the times of its words."""
