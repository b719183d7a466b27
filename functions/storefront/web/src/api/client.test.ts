import { beforeEach, expect, test, vi } from "vitest";

vi.mock("../app/session", () => ({ token: async () => "id-1", forgetToken: async () => true }));
const { get, send, url } = await import("./client");

let asked: { address: string; init: RequestInit }[] = [];
const answers: (Response | Error)[] = [];

beforeEach(() => {
  asked = [];
  answers.length = 0;
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    asked.push({ address, init });
    const next = answers.shift()!;
    if (next instanceof Error) throw next;
    return next;
  });
  vi.spyOn(Math, "random").mockReturnValue(-0.5); // no pause between tries
});

const json = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const key = (place: number) => new Headers(asked[place]!.init.headers).get("idempotency-key");

test("names in a path are filled and escaped, and what is not asked is left out", () => {
  expect(url("/v1/orders/{order_id}", { path: { order_id: "a/b" }, query: { limit: 5, cursor: undefined } })).toBe(
    "/v1/orders/a%2Fb?limit=5",
  );
});

test("an act whose answer is lost is sent again with the same key", async () => {
  answers.push(new TypeError("network"), json(201, { id: "ord_1" }));

  await send("post", "/v1/orders/{order_id}/cancellation", { path: { order_id: "ord_1" }, key: "k" } as never);

  expect([key(0), key(1)]).toEqual(["k", "k"]);
});

test("a refusal is told with its code and faults, and never repeated", async () => {
  answers.push(json(409, { code: "sold_out", detail: "habis", errors: [{ pointer: "/lines/0", message: "habis" }] }));

  const refused = await get("/v1/me", {}).catch((problem) => problem);

  expect([refused.code, refused.fault("/lines/0"), asked.length]).toEqual(["sold_out", "habis", 1]);
});

test("a token that the gateway refuses is renewed, and the request sent once more", async () => {
  answers.push(json(401, { message: "Unauthorized" }), json(200, { id: "me" }));

  expect(await get("/v1/me", {})).toEqual({ id: "me" });
});

test("a server out of order is asked three times, then said to be so", async () => {
  for (let time = 0; time < 3; time++) answers.push(json(503, { message: "Service Unavailable" }));

  const refused = await get("/v1/me", {}).catch((problem) => problem);

  expect([refused.code, refused.passing, asked.length]).toEqual(["unavailable", true, 3]);
});
