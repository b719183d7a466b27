import { expect, test } from "vitest";
import type { Offer, Quote, Wave } from "../../api/types";
import { chosen, emptyBasket, mostOf, priceAbout, priceOf, sum } from "./basket";

const offer = (id: string, more: Partial<Offer> = {}): Offer => ({
  id, product_id: "prd_1", sku: id, name: `Beras ${id}`, cooperative_id: "cop_1", weight_g: 5_000, price: 55_000,
  quota: 10, remaining: 10, max_per_member: null, ...more,
});
const wave = { offers: [offer("off_1"), offer("off_2", { weight_g: 10_000, price: 110_000 })] } as Wave;

test.each([
  [{ remaining: 3, max_per_member: 4 }, 0, 3],
  [{ remaining: 9, max_per_member: 4 }, 0, 4],
  [{ remaining: null, max_per_member: null }, 0, 1_000],
  [{ remaining: 0, max_per_member: 4 }, 2, 2],
])("of %j with %i had before, %i may be taken", (more, had, most) => {
  expect(mostOf(offer("off_1", more), had)).toBe(most);
});

test("a basket adds up, and forgets what the wave does not offer", () => {
  expect(sum(chosen(wave, { off_1: 2, off_2: 1, off_9: 5 }))).toEqual({ packs: 3, grams: 20_000, goods: 220_000 });
});

test("a courier's price holds for these goods to this place, until it runs out", () => {
  const lines = chosen(wave, { off_1: 2 });
  const asked = { ...emptyBasket(), dropoffId: "drp_1", method: "courier" as const };
  const quote = { quote_id: "quo_1", valid_until: "2020-04-07T02:00:00Z" } as Quote;
  const basket = { ...asked, priced: { quote, about: priceAbout(asked, lines) } };
  const early = Date.parse("2020-04-07T01:59:59Z");

  expect(priceOf(basket, lines, early)).toBe(quote);
  expect(priceOf(basket, lines, early + 1_000)).toBeNull();
  expect(priceOf(basket, chosen(wave, { off_1: 3 }), early)).toBeNull();
  expect(priceOf({ ...basket, dropoffId: "drp_2" }, lines, early)).toBeNull();
});
