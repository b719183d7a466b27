import { expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("document", { documentElement: {} });
vi.mock("../../app/session", () => ({ session: { value: { sub: "pic-1" } } }));
const { codeIn, found, lineUp } = await import("./line-up");
const { inOrder } = await import("./upload");

type Row = Parameters<typeof lineUp>[0][number];
type Entry = Parameters<typeof inOrder>[0][number];

const row = (order_id: string, name: string, fulfilment_status = "at_dropoff"): Row => ({
  order_id,
  member: { id: "m", name, phone: "+6281255551234" },
  proxy: null,
  lines: [{ offer_id: "off_1", name: "Beras", weight_g: 5_000, packs: 3 }],
  packs: 3,
  weight_g: 15_000,
  method: "pickup",
  fulfilment_status,
});

const entry = (number: number, act: object): Entry => ({ number, key: "k", by: "pic-1", dropoff_id: "d", wave_id: "w", who: "Ani", at: "", act }) as Entry;
const handed = (order_id: string, packs: number | null) =>
  entry(1, { kind: "handover", order_id, code: "1", lines: packs === null ? null : [{ offer_id: "off_1", packs }], taken_by: "member", asked: false });

test.each([
  ["at_dropoff", "there"],
  ["allocated", "coming"],
  ["dispatched", "under_way"],
  ["collected", "gone"],
])("an order that is %s is shown as %s", (status, state) => {
  expect(lineUp([row("ord_a", "Ani", status)], [])[0]!.state).toBe(state);
});

test("what was handed over here, and is not told yet, is not handed over again", () => {
  expect(lineUp([row("ord_a", "Ani")], [handed("ord_a", null)])[0]).toMatchObject({ state: "kept", lines: [] });
  expect(lineUp([row("ord_a", "Ani")], [handed("ord_a", 1)])[0]!.lines[0]!.packs).toBe(2);
  expect(lineUp([row("ord_a", "Ani")], [handed("ord_b", null)])[0]!.lines[0]!.packs).toBe(3);
});

test("who can be served stands before who cannot", () => {
  expect(lineUp([row("ord_a", "Ani", "collected"), row("ord_b", "Budi")], []).map((place) => place.row.order_id)).toEqual(["ord_b", "ord_a"]);
});

test.each([
  ["ani", ["ord_a"]],
  ["ÁNI", ["ord_a"]],
  ["51234", ["ord_a", "ord_b"]],
  ["_b", ["ord_b"]],
  ["8125", []],
  [" ", ["ord_a", "ord_b"]],
])("looking for %j finds %j", (sought, ids) => {
  const places = lineUp([row("ord_a", "Ani Lestari"), row("ord_b", "Budi")], []);
  expect(found(places, sought).map((place) => place.row.order_id)).toEqual(ids);
});

test("a code is read from a member's QR, and from no other", () => {
  expect(codeIn("LUMBUNG:ord_a1:012345")).toEqual({ order_id: "ord_a1", code: "012345" });
  expect(["https://x.example", "LUMBUNG:ord_a1:12345", "LUMBUNG:ord_a1:012345:x"].map(codeIn)).toEqual([null, null, null]);
});

test("goods are told before orders, orders before money, and money before hand-overs", () => {
  const kinds = ["handover", "cash", "order", "count"].map((kind, number) => entry(number, { kind }));
  expect(inOrder(kinds).map(({ act }) => act.kind)).toEqual(["count", "order", "cash", "handover"]);
});
