"""The shape that image, narration, video and composer share: a board, its front role and its work role."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import grpc

from storyreel import topics
from storyreel.board.cap import ReadyCap
from storyreel.board.gatekeeper import Gatekeeper
from storyreel.board.gates import Gates
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Leases
from storyreel.board.objects import board_sweeps
from storyreel.board.rows import Requester
from storyreel.board.sweep import Sweeper
from storyreel.contracts.engines.v1 import engines_pb2, engines_pb2_grpc
from storyreel.engine import Engine
from storyreel.events import Event
from storyreel.outbox import Relay, outbox_sweep
from storyreel.outcomes import FAILED, KINDS, MADE
from storyreel.plan import Plan, PlanLine
from storyreel.plans import read_plan
from storyreel.rpc import RpcServer, Servicer
from storyreel.service import Service, run_service
from storyreel.telemetry.traces import current_traceparent
from storyreel.work.processes import Processes
from storyreel.work.worker import Worker


@dataclass(frozen=True)
class WorkerService:
    """A worker service: the kinds of asset that it makes, those that it waits for, and its engines."""

    name: str
    makes: tuple[str, ...]
    needs: tuple[str, ...]
    engines: Callable[[Processes], Sequence[Engine]]
    serves_engines: bool = True

    def run(self) -> None:
        """Runs the process until it is told to stop."""
        run_service(self.name, self._build)

    async def _build(self, service: Service) -> None:
        ingest = Ingest(service.documents)
        await ingest.ensure_indexes()
        gates = Gates(service.documents, service=self.name, kinds=self.makes, limits=service.settings.limits)
        await gates.ensure_indexes()
        processes = Processes(service.settings.work_processes)
        engines = self.engines(processes)
        if service.settings.is_front:
            self._add_front(service, ingest, gates, engines)
        if service.settings.is_work:
            worker = Worker(
                Leases(
                    service.documents,
                    worker=f"{socket.gethostname()}/{os.getpid()}",
                    lease_seconds=service.settings.lease_seconds,
                    gates=gates,
                ),
                service.assets,
                engines,
                lease_seconds=service.settings.lease_seconds,
                grace_seconds=service.settings.stop_grace_seconds,
            )
            service.add("worker", worker.run)
        service.add("processes", lambda stopping: _until(stopping, processes.stop), last=True)

    def _add_front(self, service: Service, ingest: Ingest, gates: Gates, engines: Sequence[Engine]) -> None:
        front = Front(service, ingest, self.makes)
        consumed = [topics.JOBS_APPROVED, topics.JOBS_CANCELLED]
        for kind in self.needs:
            consumed += [KINDS[kind].made_topic, KINDS[kind].failed_topic]
        cap = ReadyCap(service.documents, service.settings.ready_cap)
        service.consume(consumed, front.handle, paused_topics=cap.paused_topics)
        service.add("sweeper", Sweeper(service.documents, self.makes).run)
        service.add("gatekeeper", Gatekeeper(service.documents, gates).run)
        service.sweep(
            [
                outbox_sweep(ingest.rows.collection),
                outbox_sweep(gates.collection),
                *board_sweeps(service.documents, service.assets, self.makes),
            ]
        )
        service.add("relay", Relay(ingest.rows.collection, service.publisher).run, last=True)
        service.add("gate relay", Relay(gates.collection, service.publisher).run, last=True)
        if self.serves_engines:
            server = RpcServer(
                service.settings.http_host, service.settings.grpc_port, [engine_servicer(engines)]
            )
            service.add("grpc", server.run, ready=server.ready)


class Front:
    """Turns events into board writes."""

    def __init__(self, service: Service, ingest: Ingest, makes: Sequence[str]) -> None:
        self._assets = service.assets
        self._ingest = ingest
        self._makes = makes

    async def handle(self, event: Event) -> None:
        """Handles one event; safe to repeat."""
        message: Any = event.message()
        if event.topic == topics.JOBS_APPROVED:
            await self._post_plan(message)
        elif event.topic == topics.JOBS_CANCELLED:
            await self._ingest.cancel(message.job_id)
        elif event.topic in MADE:
            await self._ingest.supply(message.line.asset_key, MADE[event.topic].asset_of(message))
        elif event.topic in FAILED:
            await self._ingest.supply_failure(message.line.asset_key, message.line.job_id, message.failure)

    async def _post_plan(self, approved: Any) -> None:
        plan = await read_plan(self._assets, approved.plan)
        for line in plan.lines:
            if line.kind in self._makes:
                await self._ingest.post(_posting(line, plan))


def _posting(line: PlanLine, plan: Plan) -> Posting:
    return Posting(
        key=line.asset_key,
        owner=plan.owner,
        kind=line.kind,
        engine=line.engine,
        recipe=line.recipe.model_dump(mode="json"),
        inputs=line.inputs,
        requester=Requester(
            job_id=plan.job_id,
            line_id=line.line_id,
            shot=line.shot,
            priced=line.credits > 0,
            traceparent=current_traceparent(),
            lane=plan.lane,
        ),
    )


class _Engines(engines_pb2_grpc.EngineServiceServicer):
    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines

    async def ListEngines(  # noqa: N802 - named by the contract
        self, request: engines_pb2.ListEnginesRequest, context: Any
    ) -> engines_pb2.ListEnginesResponse:
        answer = engines_pb2.ListEnginesResponse()
        for engine in self._engines:
            can = engine.capabilities()
            answer.engines.add(
                name=can.name,
                kinds=can.kinds,
                model=can.model,
                tiers=can.tiers,
                slots=can.slots,
                looks_up=can.looks_up,
            )
        return answer


def engine_servicer(engines: Sequence[Engine]) -> Servicer:
    """EngineService over these engines."""

    def add_to(server: grpc.aio.Server) -> None:
        engines_pb2_grpc.add_EngineServiceServicer_to_server(_Engines(engines), server)

    return Servicer("storyreel.engines.v1.EngineService", add_to)


async def _until(stopping: asyncio.Event, then: Callable[[], None]) -> None:
    await stopping.wait()
    then()
