import { beforeEach, expect, test, vi } from "vitest";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text) });
vi.mock("../../app/session", () => ({}));
let now = Date.parse("2020-04-09T00:00:00Z");
vi.mock("../../api/server-time", () => ({ serverNow: () => now, heardTime: () => undefined }));
const { judge, verified } = await import("./pickup-list");

// Made by lumbung.providers.jws.Signer(b"a test's seed"): one order, whose code is 123456.
const KEY = {crv: "Ed25519", kty: "OKP", x: "nQuXYjbZAQvGwZ_Db6dLjxvclizxyBxwjg5nqrXI4is", kid: "OYTkw-d_gYJkJ0V3zFKY_RLPlnXAFQv9JaWYYhpn-Sc", alg: "EdDSA", use: "sig"};
const HEAD = "eyJhbGciOiJFZERTQSIsImtpZCI6Ik9ZVGt3LWRfZ1lKa0owVjN6RktZX1JMUGxuWEFGUXY5SmFXWVlocG4tU2MiLCJ0eXAiOiJKV1QifQ";
const LIST =
  "eyJvcmRlcnMiOlt7ImNvZGVfaGFzaCI6Ijg4YzIyOTA4NTgwN2VkYTBlMjE4OGFmNWQ1NjMwMDVmZWFmYTYwYzIyNjc2ODgzZjA0MjZkNjBlZGU2NDJhMTQiLCJsaW5lcyI6W1sib2ZmXzEiLCJCZ" +
  "XJhcyIsMl1dLCJvcmRlcl9pZCI6Im9yZF9hIiwicHJveHkiOmZhbHNlLCJzYWx0IjoiZ2FyYW0ifV0sInJvdW5kcyI6MTAwMDAsInZhbGlkX3VudGlsIjoiMjAyMC0wNC0xMFQwMDowMDowMFoifQ";
const SIGNATURE = "As6_PCdvVL9auQxNBZAKAJL-olc1N_8MLFJPOE7CDsdT-PId324-ATRSq208W90IAXXgbLxWo5UVVDWS1bWPCw";
const list = () => verified(`${HEAD}.${LIST}.${SIGNATURE}`, [KEY]);

beforeEach(() => {
  kept.clear();
  now = Date.parse("2020-04-09T00:00:00Z");
});

test("a list that the server signed is read, and one that was changed, or signed by another key, is not", async () => {
  expect((await list()).orders.map((order) => order.order_id)).toEqual(["ord_a"]);
  const changed = `${HEAD}.${btoa(atob(LIST).replace("ord_a", "ord_b")).replace(/=+$/, "")}.${SIGNATURE}`;
  await expect(verified(changed, [KEY])).rejects.toMatchObject({ code: "unsigned_list" });
  await expect(verified(`${HEAD}.${LIST}.${SIGNATURE}`, [{ ...KEY, kid: "another" }])).rejects.toMatchObject({ code: "unsigned_list" });
});

test("the code is right or wrong as the server hashed it, and other orders are not on the list", async () => {
  expect(await judge(await list(), "ord_a", "123456")).toBe("right");
  expect(await judge(await list(), "ord_a", "654321")).toBe("wrong");
  expect(await judge(await list(), "ord_x", "123456")).toBe("unlisted");
  expect(await judge(undefined, "ord_a", "123456")).toBe("no_list");
});

test("five wrong codes lock an order for a quarter of an hour", async () => {
  for (let time = 0; time < 5; time++) expect(await judge(await list(), "ord_a", "000000")).toBe("wrong");
  expect(await judge(await list(), "ord_a", "123456")).toBe("locked");
  now += 15 * 60_000;
  expect(await judge(await list(), "ord_a", "123456")).toBe("right");
});

test("a list is of no use after its time", async () => {
  now = Date.parse("2020-04-10T00:00:01Z");
  expect(await judge(await list(), "ord_a", "123456")).toBe("outdated");
});
