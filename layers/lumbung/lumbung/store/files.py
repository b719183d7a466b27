"""Files in the bucket, read where they lie: a range at a time, so that memory and disk do not grow with a file."""

import io
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError, ResponseStreamingError

from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.feed import SourceRefuses, StoredFile

RANGE = 4 * 1024 * 1024  # bytes of one request
# Another file lies there now, or none; who may not list the bucket is told 403 where there is none.
_GONE = frozenset({"PreconditionFailed", "NoSuchKey", "AccessDenied", "412", "404", "403"})


class Files:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def open(self, file: StoredFile) -> io.BufferedReader:
        """Return *file* from its beginning, seekable.

        Reading it raises SourceRefuses once another file lies in its place, ProviderUnavailable where trying
        again may help.
        """
        return io.BufferedReader(_Ranges(self._client, self._bucket, file), RANGE)


class _Ranges(io.RawIOBase):
    def __init__(self, client: Any, bucket: str, file: StoredFile) -> None:
        super().__init__()
        self._client, self._bucket, self._file = client, bucket, file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        end = min(self._at + len(buffer), self._file.size)
        if self._at >= end:
            return 0
        part = self._range(self._at, end - 1)
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _range(self, first: int, last: int) -> bytes:
        try:
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._file.key, Range=f"bytes={first}-{last}", IfMatch=f'"{self._file.tag}"'
            )
            part: bytes = answer["Body"].read()
        except ClientError as refused:
            if refused.response["Error"]["Code"] in _GONE:
                raise SourceRefuses("the file was replaced or removed while it was read") from None
            raise ProviderUnavailable(f"the bucket answers {refused.response['Error']['Code']}") from None
        except (HTTPClientError, ResponseStreamingError) as failure:
            raise ProviderUnavailable(f"the bucket does not answer: {type(failure).__name__}") from None
        if len(part) != last - first + 1:
            raise ProviderUnavailable("the bucket answers less than was asked for")
        return part
