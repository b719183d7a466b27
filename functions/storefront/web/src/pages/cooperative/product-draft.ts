/** A product as it is typed: figures are texts until they are sent. */
import type { Schemas } from "../../api/types";

export interface PackDraft {
  sku: string;
  weight: string;
  price: string;
}

export interface Draft {
  name: string;
  commodity: string;
  grade: string;
  origin: string;
  packs: PackDraft[];
}

export const NO_PACK: PackDraft = { sku: "", weight: "", price: "" };
export const FRESH: Draft = { name: "", commodity: "rice", grade: "", origin: "", packs: [NO_PACK] };

export function draftOf(product: Schemas["ProductView"]): Draft {
  return {
    name: product.name,
    commodity: product.commodity,
    grade: product.grade ?? "",
    origin: product.origin ?? "",
    packs: product.packs.map((pack) => ({ sku: pack.sku, weight: String(pack.weight_g), price: String(pack.price) })),
  };
}

export function packsOf(draft: Draft): Schemas["PackRequest"][] {
  return draft.packs.map((pack) => ({ sku: pack.sku.trim(), weight_g: Number(pack.weight), price: Number(pack.price) }));
}

/** Only what was changed is sent: what is sent is from then on set by hand. null where nothing was. */
export function changedFields(before: Draft, now: Draft): Schemas["ProductEdit"] | null {
  const changes: Record<string, unknown> = {};
  if (now.name !== before.name) changes["name"] = now.name;
  if (now.commodity !== before.commodity) changes["commodity"] = now.commodity;
  if (now.grade !== before.grade) changes["grade"] = now.grade || null;
  if (now.origin !== before.origin) changes["origin"] = now.origin || null;
  if (JSON.stringify(packsOf(now)) !== JSON.stringify(packsOf(before))) changes["packs"] = packsOf(now);
  return Object.keys(changes).length > 0 ? (changes as Schemas["ProductEdit"]) : null;
}

export function isWhole(draft: Draft): boolean {
  const packs = packsOf(draft);
  return Boolean(draft.name.trim()) && packs.length > 0 && packs.every((pack) => pack.sku && pack.weight_g > 0 && pack.price > 0);
}
