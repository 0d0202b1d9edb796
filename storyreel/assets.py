"""Assets in an S3 store. The only module that imports minio. Bytes are written once, under their digest."""

from __future__ import annotations

import asyncio
import hashlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import CopySource
from minio.error import MinioException, S3Error

from storyreel.contracts.events.v1.asset_pb2 import StoredObject
from storyreel.errors import NotFoundError, StoryreelError, UnavailableError
from storyreel.settings import Settings

T = TypeVar("T")

EXTENSIONS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "audio/flac": "flac",
    "video/mp4": "mp4",
    "application/x-subrip": "srt",
    "text/vtt": "vtt",
    "application/json": "json",
}
LINK_LIFETIME: Final = timedelta(hours=1)
ASIDE: Final = "_swept/"
"""Where objects are kept for a while before they go for good."""
FRESH_SECONDS: Final = 12 * 3600.0
"""Half the age at which objects that nothing names are swept."""
MULTIPART_PAGE: Final = 1000


class StoreFullError(StoryreelError):
    """The store has no room left."""


@dataclass(frozen=True)
class StoreAddress:
    """Where the store is, for us and for users, and the keys to it."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str
    public_url: str

    @classmethod
    def of(cls, settings: Settings) -> StoreAddress:
        """The store that the settings name."""
        return cls(
            settings.s3_endpoint,
            settings.s3_access_key,
            settings.s3_secret_key,
            settings.s3_bucket,
            settings.s3_user_url,
        )


@dataclass(frozen=True)
class Listed:
    """An object, or an upload that was not finished (`upload_id`), and when it was written, since 1970."""

    object_key: str
    written_at: float
    upload_id: str = ""


class Assets:
    """Puts, gets and signs objects. minio is synchronous, so each call runs in a thread."""

    def __init__(self, address: StoreAddress, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        """An object that was written `fresh_seconds` ago or earlier is written again when it is put."""
        self._bucket = address.bucket
        self._fresh_seconds = fresh_seconds
        self._client = _client(address.endpoint, address)
        # Links carry the host they were signed for, so users' links need a client of their own.
        self._signer = _client(address.public_url, address)

    async def ensure_bucket(self) -> None:
        """Makes the bucket where it is not there."""
        if not await self._call(lambda: self._client.bucket_exists(self._bucket)):
            await self._call(lambda: self._client.make_bucket(self._bucket))

    async def ping(self) -> None:
        """Raises UnavailableError where the store does not answer or the bucket is not there."""
        if not await self._call(lambda: self._client.bucket_exists(self._bucket)):
            raise UnavailableError(
                f"bucket {self._bucket!r} does not exist: run `python -m storyreel.migrate`"
            )

    async def put(self, owner: str, kind: str, content: bytes | Path, media_type: str) -> StoredObject:
        """Stores bytes (or a file's) under `{owner}/{kind}/{sha256}.{extension}`, if not there yet.

        What is there but no longer fresh is written again, so that no sweep takes it for abandoned before
        the row that will name it is written: see `storyreel.uploads`.
        """
        digest, size = await asyncio.to_thread(_digest, content)
        stored = StoredObject(
            object_key=f"{owner}/{kind}/{digest}.{EXTENSIONS[media_type]}",
            sha256=digest,
            size_bytes=size,
            media_type=media_type,
        )
        if not await self._is_there(stored):
            await self._call(lambda: self._write(stored, content))
        return stored

    async def read(self, object_key: str) -> bytes:
        """An object's bytes. Raises NotFoundError."""
        return await self._call(lambda: self._read(object_key))

    async def download(self, stored: StoredObject, target: Path) -> None:
        """An object into a file, its digest checked. Raises NotFoundError; StoryreelError on a mismatch."""
        await self._call(lambda: self._client.fget_object(self._bucket, stored.object_key, str(target)))
        digest, _ = await asyncio.to_thread(_digest, target)
        if digest != stored.sha256:
            raise StoryreelError(
                f"object {stored.object_key} holds other bytes than its name says ({digest})"
            )

    async def link(self, object_key: str, *, file_name: str | None = None) -> str:
        """A URL that fetches the object for `LINK_LIFETIME`, saved as `file_name` where given."""
        headers: dict[str, Any] = (
            {"response-content-disposition": f'attachment; filename="{file_name}"'} if file_name else {}
        )
        return await self._call(
            lambda: self._signer.presigned_get_object(
                self._bucket, object_key, expires=LINK_LIFETIME, response_headers=headers
            )
        )

    async def owners(self, under: str = "") -> list[str]:
        """The prefixes `{under}{owner}/` that have objects; those set aside only where `under` is ASIDE."""
        found = await self._call(lambda: list(self._client.list_objects(self._bucket, prefix=under)))
        return [one.object_name for one in found if one.is_dir and one.object_name not in (None, ASIDE)]

    async def listing(self, prefix: str) -> list[Listed]:
        """Every object whose key starts with `prefix`."""
        found = await self._call(
            lambda: list(self._client.list_objects(self._bucket, prefix=prefix, recursive=True))
        )
        return [Listed(one.object_name, _seconds(one.last_modified)) for one in found if not one.is_dir]

    async def written_at(self, object_key: str) -> float | None:
        """When an object was last written, in seconds since 1970 by the store's clock; None without one."""
        try:
            found = await self._call(lambda: self._client.stat_object(self._bucket, object_key))
        except NotFoundError:
            return None
        return _seconds(found.last_modified)

    async def move(self, object_key: str, to: str) -> None:
        """Copies an object and then removes it. Raises NotFoundError."""
        source = CopySource(self._bucket, object_key)
        await self._call(lambda: self._client.copy_object(self._bucket, to, source))
        await self.remove(object_key)

    async def remove(self, object_key: str) -> None:
        """Removes an object; it may be gone already."""
        await self._call(lambda: self._client.remove_object(self._bucket, object_key))

    async def unfinished_uploads(self) -> list[Listed]:
        """Uploads in parts that were neither completed nor given up; a page of them."""
        found = await self._call(
            # The client has no public call for this, and an upload of a killed process is left to us.
            lambda: self._client._list_multipart_uploads(self._bucket, max_uploads=MULTIPART_PAGE)
        )
        return [
            Listed(one.object_name, _seconds(one.initiated_time), str(one.upload_id)) for one in found.uploads
        ]

    async def give_up(self, upload: Listed) -> None:
        """Throws away the parts of an unfinished upload; they may be gone already."""
        try:
            await self._call(
                lambda: self._client._abort_multipart_upload(
                    self._bucket, upload.object_key, upload.upload_id
                )
            )
        except NotFoundError:
            return

    async def _is_there(self, stored: StoredObject) -> bool:
        try:
            found = await self._call(lambda: self._client.stat_object(self._bucket, stored.object_key))
        except NotFoundError:
            return False
        age = time.time() - _seconds(found.last_modified)
        return found.size == stored.size_bytes and age < self._fresh_seconds

    def _write(self, stored: StoredObject, content: bytes | Path) -> None:
        if isinstance(content, Path):
            self._client.fput_object(
                self._bucket, stored.object_key, str(content), content_type=stored.media_type
            )
            return
        self._client.put_object(
            self._bucket, stored.object_key, io.BytesIO(content), len(content), content_type=stored.media_type
        )

    def _read(self, object_key: str) -> bytes:
        response = self._client.get_object(self._bucket, object_key)
        try:
            return response.read()
        finally:
            response.close()
            response.release_conn()

    async def _call(self, operation: Callable[[], T]) -> T:
        """Runs a client call in a thread and maps the client's errors to ours, at this one boundary."""
        try:
            return await asyncio.to_thread(operation)
        except S3Error as error:
            if error.code in {"NoSuchKey", "NoSuchBucket", "NoSuchObject", "NoSuchUpload"}:
                raise NotFoundError(f"the store has no {error.object_name or error.bucket_name!r}") from error
            if error.code in {"XMinioStorageFull", "InsufficientStorage"}:
                raise StoreFullError("the store is full: free some space and try again") from error
            raise UnavailableError(f"the store answered {error.code}: {error.message}") from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise UnavailableError(f"the store does not answer: {error}") from error


def _seconds(moment: datetime | None) -> float:
    assert moment is not None
    return moment.timestamp()


def _client(url: str, address: StoreAddress) -> Minio:
    parts = urlsplit(url)
    return Minio(
        endpoint=parts.netloc,
        access_key=address.access_key,
        secret_key=address.secret_key,
        secure=parts.scheme == "https",
        region="us-east-1",
        http_client=urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=60),
            maxsize=16,
            retries=urllib3.Retry(total=3, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        ),
    )


def _digest(content: bytes | Path) -> tuple[str, int]:
    if isinstance(content, Path):
        with content.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), content.stat().st_size
    return hashlib.sha256(content).hexdigest(), len(content)
