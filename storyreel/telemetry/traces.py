"""Traces: set up once per process, carried over Kafka as W3C `traceparent`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("storyreel")

OTLP_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


def configure_traces(service: str, traces_file: Path | None) -> TracerProvider:
    """Sends this process's spans to the collector that OpenTelemetry's own variables name, and to a file."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"storyreel-{service}"}))
    if os.environ.get(OTLP_ENDPOINT):
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    if traces_file is not None:
        traces_file.parent.mkdir(parents=True, exist_ok=True)
        # Line-buffered and written at once: a killed process leaves the spans that had ended.
        out = traces_file.open("a", buffering=1, encoding="utf-8")
        provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=out, formatter=_json_line)))
    trace.set_tracer_provider(provider)
    return provider


def _json_line(span: ReadableSpan) -> str:
    return str(span.to_json(indent=None)) + "\n"


def current_traceparent() -> str:
    """The `traceparent` of the current span; empty outside a trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent", "")


def context_of(traceparent: str) -> Context:
    """The context that `traceparent` names; a fresh one where it is empty or malformed."""
    return _PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {})


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: str | None = None,
    links: tuple[str, ...] = (),
    attributes: dict[str, str | int] | None = None,
) -> Iterator[Span]:
    """A span around a block: below `parent` (a traceparent) where given, else below the current span.

    `links` are the traceparents of others that wait for the same work.
    """
    context = context_of(parent) if parent is not None else None
    linked = [Link(trace.get_current_span(context_of(other)).get_span_context()) for other in links]
    with _TRACER.start_as_current_span(
        name, context=context, kind=kind, links=linked, attributes=attributes, record_exception=True
    ) as current:
        yield current


def mark_failed(current: Span, reason: str) -> None:
    """Marks a span as failed where the failure is an outcome and not an exception."""
    current.set_status(Status(StatusCode.ERROR, reason))
