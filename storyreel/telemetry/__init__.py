"""Seeing inside: traces across Kafka and gRPC, metrics, and logs that carry the trace's id."""
