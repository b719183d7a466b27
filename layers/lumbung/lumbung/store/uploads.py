"""Signed links by which people put files into the bucket themselves: a function never carries them.

A link is signed with the rights of the function that hands it out, which may put files under its own part of the
bucket alone. What a link allows is fixed in it: one key, one type, a size, some minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

GOOD_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Link:
    """A form to be posted: *fields* as they are, then the file as `file`."""

    url: str
    fields: Mapping[str, str]
    good_for: timedelta


class Uploads:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def link(self, key: str, *, media_type: str, most: int) -> Link:
        """Return a link for one file of at least one and at most *most* bytes."""
        signed = self._client.generate_presigned_post(
            Bucket=self._bucket,
            Key=key,
            Fields={"Content-Type": media_type},
            Conditions=[{"Content-Type": media_type}, ["content-length-range", 1, most]],
            ExpiresIn=int(GOOD_FOR.total_seconds()),
        )
        return Link(signed["url"], signed["fields"], GOOD_FOR)
