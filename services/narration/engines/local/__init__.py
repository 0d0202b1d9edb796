"""The local narration engine: speech from a small model that needs neither a key nor a network."""
