"""Reading what a test or the replay asks of a simulator's controls."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request


async def fields(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as fault:
        raise HTTPException(422, "the body is no JSON") from fault
    if not isinstance(body, dict):
        raise HTTPException(422, "the body has to be a JSON object")
    return body


def text(body: dict[str, Any], name: str, among: tuple[str, ...] = ()) -> str:
    value = body.get(name)
    if not isinstance(value, str) or (among and value not in among):
        raise HTTPException(422, f"{name} has to be " + (f"one of {', '.join(among)}" if among else "a text"))
    return value


def number(body: dict[str, Any], name: str, default: int | None = None, least: int = 0) -> int:
    value = body.get(name, default)
    if type(value) is not int or value < least:
        raise HTTPException(422, f"{name} has to be a whole number of at least {least}")
    return value
