"""The local engine: panels and sheets drawn on this machine, without a key or a network."""
