/** The line at the desk, made of the manifest and of what this device handed over since. */
import type { Schemas } from "../../api/types";
import { packName } from "../../words/formats";
import { type Entry, handedHere } from "./outbox";

export type Row = Schemas["ManifestRowView"];
export type Line = Row["lines"][number];

export interface Place {
  row: Row;
  /** What can still be handed over. */
  lines: Line[];
  /** `kept`: handed over here, and not told yet. */
  state: "there" | "coming" | "under_way" | "kept" | "gone";
}

const STATES: Record<string, Place["state"]> = {
  allocated: "coming",
  at_dropoff: "there",
  not_collected: "there",
  dispatched: "under_way",
  collected: "gone",
  delivered: "gone",
};

/** Who can be served comes first; the rest stays findable. */
export function lineUp(rows: readonly Row[], entries: readonly Entry[]): Place[] {
  const places = rows.map((row) => {
    const state = STATES[row.fulfilment_status] ?? "gone";
    if (state !== "there") return { row, lines: [], state };
    const lines = leftOf(row, handedHere(entries, row.order_id));
    return { row, lines, state: lines.length ? state : ("kept" as const) };
  });
  return places.sort((a, b) => Number(b.state === "there") - Number(a.state === "there"));
}

function leftOf(row: Row, handed: Map<string, number> | "all"): Line[] {
  if (handed === "all") return [];
  return row.lines.map((line) => ({ ...line, packs: line.packs - (handed.get(line.offer_id) ?? 0) })).filter((line) => line.packs > 0);
}

/** By a part of the name, or by the last digits of the phone or the order. */
export function found(places: readonly Place[], sought: string): readonly Place[] {
  const wanted = plain(sought);
  if (!wanted) return places;
  return places.filter(({ row }) => {
    const ends = [row.member.phone ?? "", row.proxy?.phone ?? "", row.order_id].map(plain);
    const names = [row.member.name ?? "", row.proxy?.name ?? ""].map(plain);
    return names.some((name) => name.includes(wanted)) || ends.some((end) => end.endsWith(wanted));
  });
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/[\u0300-\u036f\s-]/g, "").toLowerCase();
}

/** What a member's QR says: `LUMBUNG:<order>:<code>`. */
export function codeIn(text: string): { order_id: string; code: string } | null {
  const shown = /^LUMBUNG:([A-Za-z]+_[A-Za-z0-9]+):(\d{6})$/.exec(text.trim());
  return shown ? { order_id: shown[1]!, code: shown[2]! } : null;
}

export function goodsIn(lines: readonly Line[]): string {
  return lines.map((line) => `${line.packs} × ${packName(line.name, line.weight_g)}`).join(", ");
}
