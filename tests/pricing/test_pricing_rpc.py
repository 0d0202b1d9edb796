"""PricingService over gRPC: answers, refusals that a program can act on, and what the gateway makes of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from rpc_details import error_info, field_violations, retry_seconds
from till import Till, catalogue_with, new_job, panel

import services.gateway.pricing_client
from services.gateway.pricing_client import PricingClient
from services.pricing.availability import Availability
from services.pricing.prices import Prices, servicer
from storyreel.contracts.pricing.v1 import pricing_pb2, pricing_pb2_grpc
from storyreel.documents import Documents
from storyreel.engine import Capabilities, SynchronousEngine
from storyreel.errors import UnavailableError
from storyreel.formats import TIERS
from storyreel.offers import UnofferedError
from storyreel.plan import RenderOptions, plan_lines
from storyreel.rpc import RpcServer, Servicer
from storyreel.storyboard import Character, Shot, Speech, Storyboard
from storyreel.worker_service import engine_servicer

DEADLINE = 60.0
BOARD = Storyboard(
    title="Fox",
    characters=(Character(name="Fox", description="a red fox"),),
    shots=(Shot(number=1, speech=(Speech(text="A fox walked through the forest."),), cast=("Fox",)),),
)
STRANGE = """
[[offer]]
engine = "clay"
kind = "{kind}"
model = "clay-{kind}"
credits = 4
"""


@asynccontextmanager
async def serving(*servicers: Servicer) -> AsyncIterator[str]:
    """Servicers on a port of their own; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server, stopping = RpcServer("127.0.0.1", port, list(servicers)), asyncio.Event()
    running = asyncio.create_task(server.run(stopping))
    async with asyncio.timeout(DEADLINE):
        while not server.ready():
            await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        stopping.set()
        await running


@pytest_asyncio.fixture
async def address(till: Till) -> AsyncIterator[str]:
    """Where PricingService is served, over the till's books."""
    async with serving(servicer(Prices(till.shelf, Availability(()), till.books))) as address:
        yield address


@pytest_asyncio.fixture
async def stub(address: str) -> AsyncIterator[pricing_pb2_grpc.PricingServiceStub]:
    async with grpc.aio.insecure_channel(address) as channel:
        yield pricing_pb2_grpc.PricingServiceStub(channel)


@pytest_asyncio.fixture
async def client(address: str) -> AsyncIterator[PricingClient]:
    client = PricingClient(address)
    yield client
    await client.close()


async def refusal(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call
    return refused.value


async def test_the_price_list_is_the_catalogue_with_what_is_there(stub: Any) -> None:
    prices = await stub.ListPrices(pricing_pb2.ListPricesRequest(), timeout=DEADLINE)
    offers = {(offer.engine, offer.kind): offer for offer in prices.offers}
    kling, local = offers["kling-3", "footage"], offers["local", "panel"]
    assert (kling.min_seconds, kling.max_seconds, kling.unit) == (3, 15, pricing_pb2.UNIT_SECOND)
    assert [(price.tier, price.size, price.credits) for price in kling.prices] == [
        ("high", "720p", 11),
        ("high", "1080p", 14),
        ("high", "4k", 53),
    ]
    assert (kling.available, "KLING_API_KEY" in kling.unavailable_reason) == (False, True)
    assert (local.available, local.unavailable_reason, local.model) == (True, "", "storybook-2")
    assert prices.credit_micro_usd == 10_000


async def test_an_unpriced_line_is_refused_with_a_reason_and_the_field(stub: Any) -> None:
    request = pricing_pb2.QuoteRequest(owner="ann", lines=[panel(1, "ann:1", engine="oil")])
    error = await refusal(stub.Quote(request, timeout=DEADLINE))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert (error_info(error).reason, error_info(error).domain) == ("UNPRICED", "storyreel.dev")
    assert field_violations(error) == {"lines": error.details()}
    assert "choose one of local" in (error.details() or "")


async def test_an_engine_that_is_not_there_is_not_quoted(stub: Any) -> None:
    line = panel(1, "ann:1", kind="footage", engine="kling-3", units=5, pixels=1280 * 720)
    error = await refusal(stub.Quote(pricing_pb2.QuoteRequest(owner="ann", lines=[line]), timeout=DEADLINE))
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    info = error_info(error)
    assert (info.reason, info.metadata["needs"]) == ("ENGINE_UNAVAILABLE", "KLING_API_KEY")


@pytest.mark.parametrize(
    ("lines", "says"),
    [([], "1 to 10000 lines"), ([panel(1, "ann:1"), panel(1, "ann:2")], "two lines have the same id")],
)
async def test_a_quote_of_strange_lines_is_refused(stub: Any, lines: Any, says: str) -> None:
    request = pricing_pb2.QuoteRequest(owner="ann", lines=lines)
    assert says in ((await refusal(stub.Quote(request, timeout=DEADLINE))).details() or "")


async def test_a_quote_is_read_with_the_job_that_took_it(stub: Any, till: Till) -> None:
    quote, job = await till.quote("ann:1"), new_job()
    await till.submit(quote, job)
    request = pricing_pb2.GetQuoteRequest(quote_id=quote.quote_id, owner="ann")
    answer = await stub.GetQuote(request, timeout=DEADLINE)
    assert (answer.quote, answer.job_id) == (quote, job)
    foreign = pricing_pb2.GetQuoteRequest(quote_id=quote.quote_id, owner="bob")
    error = await refusal(stub.GetQuote(foreign, timeout=DEADLINE))
    assert (error.code(), error_info(error).reason) == (grpc.StatusCode.NOT_FOUND, "QUOTE_NOT_FOUND")


async def test_the_ledger_is_listed_in_pages_newest_first(stub: Any, till: Till) -> None:
    for number in range(1, 4):
        job = new_job()
        await till.submit(await till.quote(f"ann:{number}"), job)
        await till.made(job, 1, f"ann:{number}")
    numbers, token = [], ""
    while True:
        request = pricing_pb2.ListLedgerRequest(owner="ann", page_size=3, page_token=token)
        page = await stub.ListLedger(request, timeout=DEADLINE)
        numbers += [entry.number for entry in page.entries]
        token = page.next_page_token
        if not token:
            break
    assert numbers == [7, 6, 5, 4, 3, 2, 1]
    newest = await stub.ListLedger(pricing_pb2.ListLedgerRequest(owner="ann", page_size=1), timeout=DEADLINE)
    (entry,) = newest.entries
    assert (entry.movement, entry.credits, entry.available_credits) == (pricing_pb2.MOVEMENT_CAPTURE, 3, 91)
    assert (entry.line_id, entry.shot, entry.asset_key) == ("panel-001", 1, "ann:3")


@pytest.mark.parametrize("changes", [{"page_size": 501}, {"page_token": "x"}, {"owner": ""}])
async def test_a_strange_page_is_refused(stub: Any, changes: dict[str, Any]) -> None:
    request = pricing_pb2.ListLedgerRequest(**({"owner": "ann"} | changes))
    error = await refusal(stub.ListLedger(request, timeout=DEADLINE))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert list(field_violations(error)) == list(changes)


async def test_grants_and_refunds_over_grpc(stub: Any, till: Till) -> None:
    grant = pricing_pb2.GrantRequest(owner="ann", credits=10, key="k", reason="a present")
    assert (await stub.Grant(grant, timeout=DEADLINE)).available_credits == 110
    assert (await stub.Grant(grant, timeout=DEADLINE)).available_credits == 110
    negative = pricing_pb2.GrantRequest(owner="ann", credits=-10, key="n")
    assert error_info(await refusal(stub.Grant(negative, timeout=DEADLINE))).reason == "GRANT_INVALID"
    job = new_job()
    await till.submit(await till.quote("ann:1"), job)
    refund = pricing_pb2.RefundRequest(job_id=job, line_id="panel-001", reason="it was blank")
    error = await refusal(stub.Refund(refund, timeout=DEADLINE))
    assert error_info(error).reason == "LINE_NOT_CHARGED"
    await till.made(job, 1, "ann:1")
    answer = await stub.Refund(refund, timeout=DEADLINE)
    assert (answer.credits, answer.available_credits) == (3, 110)
    balance = await stub.GetBalance(pricing_pb2.GetBalanceRequest(owner="ann"), timeout=DEADLINE)
    assert (balance.available_credits, balance.held_credits) == (110, 0)


async def test_a_database_that_is_away_is_unavailable_and_says_when_to_ask_again(tmp_path: Path) -> None:
    documents = Documents("mongodb://127.0.0.1:9", "none", timeout_seconds=0.2)
    till = Till(documents, catalogue_with(tmp_path / "c.toml"))
    async with (
        serving(servicer(Prices(till.shelf, Availability(()), till.books))) as address,
        grpc.aio.insecure_channel(address) as channel,
    ):
        stub: Any = pricing_pb2_grpc.PricingServiceStub(channel)
        request = pricing_pb2.GetBalanceRequest(owner="ann")
        error = await refusal(stub.GetBalance(request, timeout=DEADLINE))
    documents.close()
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert (error_info(error).reason, retry_seconds(error)) == ("SERVER_AWAY", 2.0)


async def test_pricing_says_that_it_is_healthy(address: str) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        request = health_pb2.HealthCheckRequest(service="storyreel.pricing.v1.PricingService")
        answer = await health_pb2_grpc.HealthStub(channel).Check(request, timeout=DEADLINE)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


class Sculptor(SynchronousEngine):
    """An engine that is configured, whoever works for it."""

    def capabilities(self) -> Capabilities:
        return Capabilities(name="kling-3", kinds=("footage",), model="kling-3.0", tiers=TIERS)


async def test_an_engine_is_available_once_a_front_says_that_it_has_it(till: Till) -> None:
    offer = till.shelf.catalogue.find("kling-3", "footage")
    async with serving(engine_servicer([Sculptor()])) as front:  # type: ignore[list-item]
        availability, stopping = Availability([front]), asyncio.Event()
        asking = asyncio.create_task(availability.run(stopping))
        async with asyncio.timeout(DEADLINE):
            while availability.reason_against(offer):
                await asyncio.sleep(0.01)
        local = till.shelf.catalogue.find("local", "panel")
        assert availability.reason_against(local) == "no running service offers panel by local"
    stopping.set()
    await asking
    assert availability.reason_against(offer) == "", "a front that is away keeps its last word"


async def test_the_gateway_plans_with_engines_and_models_of_the_catalogue(
    client: PricingClient, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.gateway.pricing_client, "OFFERS_SECONDS", 0.0)
    with pytest.raises(
        UnofferedError, match="unknown engine 'clay' for sheet: choose one of gpt-image-2, local"
    ):
        (await client.offers()).choose("clay", "sheet")
    path = catalogue_with(Path(till.shelf.path))
    kinds = ("sheet", "panel", "narration", "clip")
    path.write_text(path.read_text() + "".join(STRANGE.format(kind=kind) for kind in kinds))
    till.shelf.refresh()
    options = RenderOptions(engine="clay", tier="medium")
    lines = plan_lines("ann", BOARD, options, await client.offers())
    models = {line.kind: getattr(line.recipe, "model", "") for line in lines}
    assert models == {kind: f"clay-{kind}" for kind in kinds} | {"film": "composer-1"}
    quote = await client.quote("ann", lines)
    assert {line.kind: line.credits for line in quote.lines if line.kind in ("sheet", "panel")} == {
        "sheet": 4,
        "panel": 4,
    }
    assert next(line.character for line in quote.lines if line.kind == "sheet") == "Fox"


async def test_the_gateway_plans_on_while_pricing_is_away(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.gateway.pricing_client, "OFFERS_SECONDS", 0.0)
    async with serving(servicer(Prices(till.shelf, Availability(()), till.books))) as address:
        client = PricingClient(address)
        known = await client.offers()
    assert await client.offers() is known
    await client.close()
    never = PricingClient("127.0.0.1:9")
    with pytest.raises(UnavailableError, match="pricing does not answer"):
        await never.offers()
    await never.close()
