import { expect, test } from "vitest";
import { changedFields, type Draft, FRESH, isWhole } from "./product-draft";

const RICE: Draft = { name: "Beras", commodity: "rice", grade: "premium", origin: "", packs: [{ sku: "B5", weight: "5000", price: "55000" }] };

test("what was not changed is not sent, and so goes on following its source", () => {
  expect(changedFields(RICE, RICE)).toBeNull();
  expect(changedFields(RICE, { ...RICE, origin: "Indramayu" })).toEqual({ origin: "Indramayu" });
  expect(changedFields(RICE, { ...RICE, grade: "" })).toEqual({ grade: null });
});

test("packs are sent whole, in grams and rupiah", () => {
  const dearer = { ...RICE, packs: [{ sku: "B5", weight: "5000", price: "56000" }] };
  expect(changedFields(RICE, dearer)).toEqual({ packs: [{ sku: "B5", weight_g: 5_000, price: 56_000 }] });
});

test("a product without a name, a weight or a price is not whole", () => {
  expect(isWhole(RICE)).toBe(true);
  expect(isWhole(FRESH)).toBe(false);
  expect(isWhole({ ...RICE, packs: [{ sku: "B5", weight: "0", price: "55000" }] })).toBe(false);
});
