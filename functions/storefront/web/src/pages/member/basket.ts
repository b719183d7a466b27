/** What a member has chosen of a wave. It outlives the page, is the same in every tab, and carries its order's key. */
import type { Signal } from "@preact/signals";
import { newKey } from "../../api/client";
import type { Offer, Quote, Schemas, Wave } from "../../api/types";
import { useKept } from "../../app/keeping";

export type Address = Schemas["AddressRequest"];
export type Method = "pickup" | "courier";

/** A courier's price, and what it was asked for: of other goods or another place it is none. */
export interface Priced {
  quote: Quote;
  about: string;
}

export interface Receiving {
  dropoffId: string;
  method: Method;
  address: Address;
  priced: Priced | null;
}

export interface Basket extends Receiving {
  /** Packs by offer. */
  packs: Record<string, number>;
  note: string;
  /** The Idempotency-Key of the order that comes of it: two tabs, or a lost answer, make one order. */
  key: string;
}

export interface Chosen {
  offer: Offer;
  packs: number;
}

const MOST_PACKS = 1_000; // of one line: the contract's bound
export const NO_ADDRESS: Address = { line: "", village_code: "", postal_code: "", recipient: "", phone: "" };

export function emptyBasket(): Basket {
  return { packs: {}, dropoffId: "", method: "pickup", address: NO_ADDRESS, priced: null, note: "", key: newKey() };
}

export function useBasket(waveId: string): Signal<Basket> {
  return useKept<Basket>(`basket.${waveId}`, emptyBasket());
}

/** How many packs of *offer* a member may take at most, as far as is known now; *had*: those of their own order. */
export function mostOf(offer: Offer, had = 0): number {
  const left = offer.remaining === null ? MOST_PACKS : offer.remaining + had;
  return Math.min(offer.max_per_member ?? MOST_PACKS, left, MOST_PACKS);
}

export function chosen(wave: Wave, packs: Record<string, number>): Chosen[] {
  return wave.offers.map((offer) => ({ offer, packs: packs[offer.id] ?? 0 })).filter((line) => line.packs > 0);
}

export interface Sum {
  packs: number;
  grams: number;
  goods: number;
}

export function sum(lines: readonly Chosen[]): Sum {
  return lines.reduce(
    (all, { offer, packs }) => ({
      packs: all.packs + packs,
      grams: all.grams + packs * offer.weight_g,
      goods: all.goods + packs * offer.price,
    }),
    { packs: 0, grams: 0, goods: 0 },
  );
}

/** What a courier's price depends on, as one text. */
export function priceAbout(receiving: Receiving, lines: readonly Chosen[]): string {
  const { village_code, lat, lng } = receiving.address;
  return JSON.stringify([receiving.dropoffId, village_code, lat, lng, lines.map(({ offer, packs }) => [offer.weight_g, packs])]);
}

/** The courier's price if it is of these goods to this place, and still holds. */
export function priceOf(receiving: Receiving, lines: readonly Chosen[], now: number): Quote | null {
  const { priced } = receiving;
  if (!priced || priced.about !== priceAbout(receiving, lines)) return null;
  return Date.parse(priced.quote.valid_until) > now ? priced.quote : null;
}

export function fulfilmentOf(receiving: Receiving): Schemas["OrderRequest"]["fulfilment"] {
  if (receiving.method === "pickup") return { method: "pickup" };
  return { method: "courier", address: receiving.address, quote_id: receiving.priced?.quote.quote_id ?? null };
}
