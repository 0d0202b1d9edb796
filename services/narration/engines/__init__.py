"""The narration engines."""
