import { expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("document", { documentElement: {} });
const { wayOf } = await import("./order-status");

test.each([
  ["pickup", "placed", "pending", "placed"],
  ["pickup", "confirmed", "pending", "paid"],
  ["pickup", "confirmed", "allocated", "allocated"],
  ["pickup", "confirmed", "at_dropoff", "at_dropoff"],
  ["pickup", "completed", "collected", "collected"],
  ["courier", "confirmed", "dispatched", "dispatched"],
  ["courier", "completed", "delivered", "delivered"],
])("a %s order that is %s and whose goods are %s has come to %s", (method, status, goods, last) => {
  const { steps, done } = wayOf({ fulfilment: { method }, status, fulfilment_status: goods } as never);

  expect(steps[done]).toBe(last);
});
