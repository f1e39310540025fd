"""The evidence store: finished WARC files as objects, in a bucket or a folder, through fsspec.

An object is put there whole and under the file's own name, so that any number of machines share one store.
What was put is read back and held against its SHA-256. Credentials and endpoints are looked for where the
library of that kind of store looks for them (of S3: the environment, and the files in ``~/.aws``).
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from storage import sqlite
from storage.errors import EvidenceAway, StorageError, UsageMistake
from storage.place import Place

_PIECE: Final = 8 * 2**20  # bytes of a request, where an object is read from its beginning to its end
_S3: Final = {
    "connect_timeout": 10,  # seconds, each a few times
    "read_timeout": 60,
    "retries": {"max_attempts": 2},
}
_WAY: Final = ".putting"  # a file that is on its way into a folder


Part = Callable[[int, int], bytes]
"""Gives the bytes of an object from an offset on, as many as asked for, or as there are."""


class ObjectStore:
    """A store of whole files by name; EvidenceAway where it does not answer."""

    def __init__(self, url: str) -> None:
        """``url``: any of fsspec's (``s3://bucket/prefix``, ``file:///mnt/evidence``); UsageMistake."""
        parts = urlsplit(url)
        if not parts.scheme or not (parts.netloc or parts.path.strip("/")):
            raise UsageMistake("the evidence store is an address such as s3://bucket/prefix")
        if "@" in parts.netloc or parts.query:
            raise UsageMistake(
                "the address of the evidence store holds a password; put that into the environment"
            )
        self.url = url.rstrip("/")
        self._files, self._root = _opened(self.url, parts.scheme)
        self._is_folder = parts.scheme == "file"

    @classmethod
    def of(cls, place: Place) -> Self | None:
        """The store of an archive; None where its evidence lies in its folder alone."""
        return cls(place.objects) if place.objects else None

    def sizes(self) -> dict[str, int]:
        """The bytes of every WARC file in the store, by its name."""
        with self._asked(), contextlib.suppress(FileNotFoundError):
            listed = self._files.ls(self._root, detail=True, refresh=True)
            named = {one["name"].rsplit("/", 1)[-1]: one["size"] for one in listed}
            return {name: size for name, size in named.items() if name.endswith(".warc.gz")}
        return {}

    def holds(self, name: str) -> bool:
        """Whether there is an object of that name."""
        with self._asked():
            self._files.invalidate_cache()
            return bool(self._files.exists(self._path(name)))

    def read(self, name: str, offset: int, length: int) -> bytes:
        """That part of an object, as far as it is there; FileNotFoundError."""
        with self._asked():
            try:
                part: bytes = self._files.cat_file(self._path(name), start=offset, end=offset + length)
            except OSError as error:
                # A range behind the end is refused by some stores, and so is much else.
                if isinstance(error, FileNotFoundError) or self._files.size(self._path(name)) > offset:
                    raise
                return b""
            return part

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[Part]:
        """An object to be read forwards, part by part, in requests of some megabytes; FileNotFoundError."""
        with self._asked():
            self._files.invalidate_cache()
            file = self._files.open(self._path(name), "rb", block_size=_PIECE, cache_type="readahead")

        def part(offset: int, length: int) -> bytes:
            with self._asked():
                file.seek(offset)
                found: bytes = file.read(length)
                return found

        with file:
            yield part

    def digest(self, name: str) -> str:
        """SHA-256 of what the store gives back; FileNotFoundError."""
        with self.opened(name) as part:
            digest, offset = hashlib.sha256(), 0
            while piece := part(offset, _PIECE):
                digest.update(piece)
                offset += len(piece)
        return digest.hexdigest()

    def put(self, path: Path, name: str) -> None:
        """Put a file there, in the place of an object of that name; StorageError unless it is given back.

        A reader sees the object as it was or as it is, and a put that is killed leaves the former.
        """
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with self._asked():
            if self._is_folder:
                self._put_into_folder(path, name)
            else:
                self._put_into_bucket(path, name)
        if self.digest(name) != digest:
            raise StorageError(f"{self.url}/{name} is not given back as it was put there; look at the store")

    def forget_versions(self, name: str) -> None:
        """Have a bucket that keeps what was replaced delete all versions of an object but the newest."""
        if not hasattr(self._files, "call_s3"):
            return
        bucket, _, key = self._path(name).partition("/")
        with self._asked():
            found = self._files.call_s3("list_object_versions", Bucket=bucket, Prefix=key)
            for one in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
                if one["Key"] == key and not one["IsLatest"]:
                    old = {"Key": key, "VersionId": one["VersionId"]}
                    self._files.call_s3("delete_object", Bucket=bucket, **old)

    def _put_into_folder(self, path: Path, name: str) -> None:
        target = Path(self._path(name))
        draft = target.with_name(f"{name}{_WAY}")
        shutil.copyfile(path, draft)
        sqlite.sync(draft)
        os.replace(draft, target)
        sqlite.sync(target)

    def _put_into_bucket(self, path: Path, name: str) -> None:
        try:
            self._files.put_file(str(path), self._path(name))
        except FileNotFoundError as error:
            raise EvidenceAway(self.url, str(error)) from None

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextlib.contextmanager
    def _asked(self) -> Iterator[None]:
        """What a store or the way to it refuses, in one line; its libraries say so in many ways."""
        if self._is_folder and not Path(self._root).is_dir():  # perhaps a disk that is not mounted
            raise EvidenceAway(self.url, "there is no such folder")
        try:
            yield
        except (FileNotFoundError, StorageError):
            raise
        except Exception as error:
            if not _is_refusal(error):
                raise
            said = getattr(error, "strerror", None) or " ".join(str(error).split())[:120]
            raise EvidenceAway(self.url, said or type(error).__name__) from None


def _is_refusal(error: Exception) -> bool:
    packages = ("botocore", "aiobotocore", "aiohttp", "fsspec", "s3fs", "gcsfs", "adlfs", "azure", "google")
    return isinstance(error, OSError) or type(error).__module__.split(".")[0] in packages


def _opened(url: str, scheme: str) -> tuple[Any, str]:
    if find_spec("fsspec") is None:
        raise StorageError('an evidence store needs its libraries: pip install "onrecord[scale]"')
    import fsspec  # noqa: PLC0415 (it is there only where it is wanted)

    more = {"config_kwargs": _S3} if scheme == "s3" else {}
    try:
        files, root = fsspec.core.url_to_fs(url, use_listings_cache=False, **more)
    except ImportError as error:
        said = f"the evidence store {url} needs a library that is not here"
        raise StorageError(f'{said} ({error}): pip install "onrecord[scale]" has that of S3') from None
    except ValueError as error:
        raise UsageMistake(f"the evidence store {url}: {error}") from None
    return files, root.rstrip("/")
