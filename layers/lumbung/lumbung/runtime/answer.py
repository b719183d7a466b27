"""What a function may answer with, besides a plain model."""

from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is not simply 200 with a model: another status, type, headers or replayed."""

    body: Any
    status: int | None = None
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    replayed: bool = False
