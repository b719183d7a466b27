"""Takes moto's longest detours out: they cost the tests a third of their time, and change no answer."""

import copy
import functools
from types import SimpleNamespace
from typing import Any

from moto.core import responses
from moto.core.serialize import AttributePickerContext, BaseJSONSerializer, XFormedAttributePicker
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend, Table
from moto.dynamodb.models.dynamo_type import DynamoType

_PLAIN = {"S", "N", "BOOL", "NULL", "SS", "NS"}


class _Picker(XFormedAttributePicker):
    """Takes a value of an item under its own name, where moto tries eight spellings of each of ten types."""

    def __call__(self, context: AttributePickerContext) -> Any:
        if type(context.obj) is dict and context.shape.parent.name == "AttributeValue":  # type: ignore[attr-defined] # moto sets it
            return context.obj.get(context.key)
        return super().__call__(context)


def _value_as_it_is(serialize: Any) -> Any:
    """Return moto's serializer of structures, which lets a plain value of an item be, and looks for no other types."""

    def serialize_structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and type(value) is dict and not _PLAIN.isdisjoint(value):
            self._default_serialize(serialized, value, shape, key)
        else:
            serialize(self, serialized, value, shape, key)

    return serialize_structure


def _undone_by_item(transact: Any) -> Any:
    """Return moto's transaction, which remembers the items that it names, where moto copies their tables whole."""

    def transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        named = [(self.tables[op["TableName"]], op) for part in transact_items for op in part.values()]
        before = [(table, key := _key(table, op), copy.deepcopy(_held(table, key))) for table, op in named]
        try:
            transact(self, transact_items)
        except Exception:
            for table, key, item in before:
                _put_back(table, key, item)
            raise

    return transact_write_items


def _key(table: Table, op: dict[str, Any]) -> tuple[DynamoType, DynamoType]:
    place = op.get("Key") or op["Item"]
    return DynamoType(place[table.hash_key_attr]), DynamoType(place[table.range_key_attr])


def _held(table: Table, key: tuple[DynamoType, DynamoType]) -> Any:
    return table.items.get(key[0], {}).get(key[1])


def _put_back(table: Table, key: tuple[DynamoType, DynamoType], item: Any) -> None:
    if item is None:
        table.items.get(key[0], {}).pop(key[1], None)
    else:
        table.items[key[0]][key[1]] = item


def _all_but_tables(thing: Any) -> Any:
    return thing if isinstance(thing, Table) else copy.deepcopy(thing)


def take() -> None:
    """Have moto take the short ways, in this process."""
    responses.XFormedAttributePicker = _Picker  # type: ignore[misc] # moto has no setting for it
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    BaseJSONSerializer._serialize_type_structure = _value_as_it_is(BaseJSONSerializer._serialize_type_structure)  # type: ignore[method-assign] # as above
    DynamoDBBackend.transact_write_items = _undone_by_item(DynamoDBBackend.transact_write_items)  # type: ignore[method-assign] # as above
    models.copy = SimpleNamespace(deepcopy=_all_but_tables)
