"""Kafka: publishing events, a consumer loop that commits explicit offsets, and dead letters."""
