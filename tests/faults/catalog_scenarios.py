"""Everything that the catalogue does, each thing at a moment when it has something to do."""

from typing import Any

from tests.faults.catalog_world import SELLER, SOURCE, CatalogWorld
from tests.faults.scenario import Act, Phase, Scenario
from tests.integration.catalog_world import MULUS

WORKER, STREAM, FILES, CLOCK = (f"catalog.{name}.handler" for name in ("worker", "stream", "files_worker", "schedule"))
PRODUCT, SYNC = "POST /v1/catalog/products", "POST /v1/catalog/syncs"
EDIT, FOLLOW = "PATCH /v1/catalog/products/{product_id}", f"{PRODUCT}/{{product_id}}/following"
APPROVE, RETRY = f"{SYNC}/{{sync_id}}/approval", f"{SYNC}/{{sync_id}}/quarantine/{{position}}/retry"
LOOK, BOOKS = "POST /v1/catalog/listings/looks", "POST /v1/catalog/workbooks"
DECIDE, CONFIGURE = "POST /v1/catalog/suppliers/{supplier_id}/decision", "PUT /v1/catalog/sources/{source}"
UPLOAD, OF_BOOK = "POST /v1/catalog/sources/{source}/uploads", f"{BOOKS}/{{workbook_id}}"
OURS = {"name": "Telur Ayam", "commodity": "eggs", "packs": [{"sku": "T1", "weight_g": 1_000, "price": 28_000}]}


def known(world: CatalogWorld) -> None:
    """Ten packs were read, one has our own price, one row could not be read; the stream has told of nothing yet."""
    world.post(f"/sources/{SOURCE}", {"cooperative_id": MULUS.id}, key="source", method="PUT")
    world.rows = {f"B{kg}": ("Beras Premium", kg, kg * 11_000) for kg in range(1, 11)} | {"X": ("Tepung", 1, "gratis")}
    world.start("first")
    world.drain()
    world.price("B2", 23_000, key="ours")
    [supplier] = world.get("/suppliers")["items"]
    assert supplier["name"] == SELLER
    world.ids["supplier"] = supplier["id"]
    world.ids["product"] = next(product.id for product in world.books().products.values() if product.pack("B1"))


def reading(world: CatalogWorld) -> None:
    """Prices have moved a little, one has jumped, one pack of ours too; two packs are gone, and one is new."""
    known(world)
    rows = {sku: (name, kg, kg * 11_500) for sku, (name, kg, _) in world.rows.items() if sku not in ("B9", "B10", "X")}
    world.rows = rows | {"B3": ("Beras Premium", 3, 90_000), "B20": ("Beras Premium", 20, 220_000)}
    world.ids["run"] = world.start("second")


def held(world: CatalogWorld) -> None:
    reading(world)
    world.settle()
    assert world.books().runs[world.ids["run"]].status == "held"


def released(world: CatalogWorld) -> None:
    held(world)
    world.approve(True, key="yes")


def set_aside(world: CatalogWorld) -> None:
    """One row says two rupiah, and waits for somebody who believes it."""
    known(world)
    world.rows["Y"] = ("Gula", 1, 2)
    world.start("again")
    world.settle()
    rows = world.get("/quarantine")["items"]
    row = next(row for row in rows if row["row"].get("sku") == "Y")
    world.ids["row"] = f"{row['sync_id']}/quarantine/{row['position']}"


def two_files(world: CatalogWorld) -> None:
    known(world)
    world.put("one", "01")
    world.put("two", "02")
    world.ids |= {f"file {n}": message["run"] for n, (_, message) in enumerate(world.aws.queued)}


def to_list(world: CatalogWorld) -> None:
    """Two packs are to be listed in the sixth e-catalogue."""
    packs = [{"sku": "L5", "weight_g": 5_000, "price": 55_000}, {"sku": "L10", "weight_g": 10_000, "price": 110_000}]
    body = {"cooperative_id": MULUS.id, "name": "Beras Premium", "commodity": "rice", "packs": packs}
    world.post("/products", body | {"attributes": {"tkdn": 40, "halal": True}}, key="product")
    world.follow()


def listed(world: CatalogWorld) -> None:
    """They are in a workbook, one of them is shown, and somebody has asked to look."""
    to_list(world)
    world.ids["workbook"] = _make("first")(world).json["id"]
    world.shown = {"n5": "Beras Premium 5 kg [lumbung L5]"}
    world.ids["look"] = _look("first")(world).json["id"]


def _make(key: str) -> Act:
    return lambda w: w.post("/workbooks", {"cooperative_id": MULUS.id, "commodity": "rice"}, key=key)


def _look(key: str) -> Act:
    return lambda w: w.post("/listings/looks", {"cooperative_id": MULUS.id}, key=key)


def _of_book(step: str, body: Any = None) -> Act:
    return lambda w: w.post(f"/workbooks/{w.ids['workbook']}/{step}", body, key=step)


def _take(believe: bool) -> Act:
    return lambda w: w.post(f"/syncs/{w.ids['row']}/retry", {"believe": believe}, key=f"believe {believe}")


def _decide(cooperative: str | None) -> Act:
    body = {"cooperative_id": cooperative}
    return lambda w: w.post(f"/suppliers/{w.ids['supplier']}/decision", body, key=f"is {cooperative}")


def _of_product(step: str, body: Any, method: str = "POST") -> Act:
    return lambda w: w.post(f"/products/{w.ids['product']}{step}", body, key=f"{step} {body}", method=method)


def _give_back(world: Any) -> Any:
    reply = _of_product("/following", {"fields": ["packs.B2"]})(world)
    if reply.status == 200:
        world.local.pop("B2", None)
    return reply


def _start(key: str) -> Act:
    return lambda w: w.post("/syncs", {"source": SOURCE}, key=key)


def _read_on(run: str) -> Act:
    return lambda w: w.work({"run": w.ids[run]})


SET_A_PRICE = Scenario("set a price", lambda w: w.price("B4", 43_000, key="four"), EDIT)

PHASES = (
    Phase("a catalogue", known, (
        Scenario("a product of our own", lambda w: w.post("/products", OURS | {"cooperative_id": MULUS.id}, key="own"),
                 PRODUCT),
        SET_A_PRICE,
        Scenario("set its name", _of_product("", {"name": "Beras Mulus"}, "PATCH"), EDIT),
        Scenario("give a price back", _give_back, FOLLOW),
        Scenario("say whose they are", _decide(MULUS.id), DECIDE),
        Scenario("say that they are nobody's", _decide(None), DECIDE),
        Scenario("configure the source", lambda w: w.post(
            f"/sources/{SOURCE}", {"cooperative_id": MULUS.id}, key="again", method="PUT"), CONFIGURE),
        Scenario("a link for a file", lambda w: w.post(
            "/sources/peppol/uploads", {"content_type": "application/xml"}, key="link"), UPLOAD),
        Scenario("start a run", _start("by hand"), SYNC),
        Scenario("the night starts one", lambda w: w.night(), CLOCK),
        Scenario("a file comes", lambda w: w.put("file", "03"), FILES),
        Scenario("list the products", lambda w: w.follow(), STREAM),
    ), one_by_one=False),
    Phase("a run that reads", reading, (
        Scenario("read on", _read_on("run"), WORKER),
        SET_A_PRICE,
        Scenario("start another", _start("another"), SYNC),
        Scenario("the night starts another", lambda w: w.night(), CLOCK),
    ), one_by_one=False),
    Phase("a run that is held", held, (
        Scenario("approve it", lambda w: w.approve(True, key="yes"), APPROVE),
        Scenario("reject it", lambda w: w.approve(False, key="no"), APPROVE),
        Scenario("start another", _start("another"), SYNC),
        SET_A_PRICE,
    ), one_by_one=False),
    Phase("a run that was approved", released, (
        Scenario("apply what waited", _read_on("run"), WORKER),
        SET_A_PRICE,
        Scenario("set a price that waited", lambda w: w.price("B3", 34_000, key="three"), EDIT),
    ), one_by_one=False),
    Phase("a row that was set aside", set_aside, (
        Scenario("take it", _take(True), RETRY),
        Scenario("take it, if it can be", _take(False), RETRY),
        SET_A_PRICE,
    )),
    Phase("files that wait", two_files, (
        Scenario("read the first", _read_on("file 0"), WORKER),
        Scenario("read the second", _read_on("file 1"), WORKER),
        Scenario("a third comes", lambda w: w.put("three", "03"), FILES),
    ), one_by_one=False),
    Phase("packs to be listed", to_list, (
        Scenario("make a workbook", _make("one"), BOOKS),
        Scenario("make another", _make("two"), BOOKS),
        Scenario("ask to look", _look("look"), LOOK),
        Scenario("a pack costs more", lambda w: w.price("L5", 56_000, key="more"), EDIT),
    ), one_by_one=False),
    Phase("packs in a workbook", listed, (
        Scenario("it was uploaded", _of_book("upload"), f"{OF_BOOK}/upload"),
        Scenario("throw it away", _of_book("discarding"), f"{OF_BOOK}/discarding"),
        Scenario("one was refused", _of_book("rejections", {"rejected": [{"sku": "L10", "reason": "foto"}]}),
                 f"{OF_BOOK}/rejections"),
        Scenario("look", lambda w: w.work({"look": w.ids["look"]}), WORKER),
        Scenario("the night looks", lambda w: w.night(start="looks"), CLOCK),
    ), one_by_one=False),
)  # fmt: skip
