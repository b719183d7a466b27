/**
 * What this desk did and has not yet told the server: kept on the device until it is told, each thing under a key or
 * number of its own, so that telling it twice does it once.
 */
import { signal } from "@preact/signals";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { newKey } from "../../api/client";
import { serverNow } from "../../api/server-time";
import type { Schemas } from "../../api/types";
import { session } from "../../app/session";

export interface HandOver {
  kind: "handover";
  order_id: string;
  code: string;
  /** null: everything that is left. */
  lines: { offer_id: string; packs: number }[] | null;
  taken_by: "member" | "proxy";
  /** The server may have done it: it was asked, and its answer was lost. */
  asked: boolean;
}
export interface CashReceipt {
  kind: "cash";
  order_id: string;
  amount: number;
  receipt_number: string;
}
export interface OrderOnBehalf {
  kind: "order";
  body: Schemas["OrderRequest"];
  goods: number;
  /** Cash that was taken for it at once. */
  receipt_number: string | null;
}
export interface Count {
  kind: "count";
  consignment_id: string;
  body: Schemas["ReceiptRequest"];
}
export type Act = HandOver | CashReceipt | OrderOnBehalf | Count;

/** `refused`: why the server did not take it; it stays until it is taken, or somebody has seen to it. */
export interface Entry<A extends Act = Act> {
  number: number;
  key: string;
  by: string;
  dropoff_id: string;
  wave_id: string;
  /** Whom it is about, as a person would say it. */
  who: string;
  at: string;
  act: A;
  refused?: { code: string; detail: string };
}

interface Kept extends DBSchema {
  entries: { key: number; value: Entry };
  device: { key: string; value: string };
}

/** What waits, of whoever is signed in; the same in every tab. */
export const waiting = signal<readonly Entry[]>([]);

const others = new BroadcastChannel("lumbung-outbox");
others.onmessage = () => void look();
let opened: Promise<IDBPDatabase<Kept>> | undefined;

function open(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>("lumbung-desk", 1, {
    upgrade(database) {
      database.createObjectStore("entries", { keyPath: "number", autoIncrement: true });
      database.createObjectStore("device");
    },
  });
  return opened;
}

/** This device's name: made once, and gone together with what its numbers stand for. */
export async function deviceId(): Promise<string> {
  const writing = (await open()).transaction("device", "readwrite");
  const id = (await writing.store.get("id")) ?? newKey();
  await writing.store.put(id, "id");
  await writing.done;
  return id;
}

/** A number for a receipt that no other device gives; `no` is the number of its own kind on this one. */
export async function receiptNumber(): Promise<string> {
  const device = (await deviceId()).slice(0, 8);
  const writing = (await open()).transaction("device", "readwrite");
  const no = Number((await writing.store.get("receipts")) ?? "0") + 1;
  await writing.store.put(String(no), "receipts");
  await writing.done;
  return `KW-${device}-${no}`;
}

export async function look(): Promise<void> {
  const all = await (await open()).getAll("entries");
  waiting.value = all.filter((entry) => entry.by === session.value?.sub);
}

export type About = Pick<Entry, "dropoff_id" | "wave_id" | "who">;

/** Keep what was done until it is told. */
export async function put(about: About, act: Act, key: string): Promise<void> {
  const at = new Date(serverNow()).toISOString();
  const entry = { key, by: session.value!.sub, ...about, at, act };
  await (await open()).add("entries", entry as Entry); // its number is the store's to give: never the same twice
  await changed();
}

export async function mark(entry: Entry, refused: Entry["refused"]): Promise<void> {
  await (await open()).put("entries", refused ? { ...entry, refused } : entry);
  await changed();
}

export async function remove(number: number): Promise<void> {
  await (await open()).delete("entries", number);
  await changed();
}

async function changed(): Promise<void> {
  await look();
  others.postMessage("changed");
}

/** The packs of an order that were handed over here and are not told yet; "all": everything that was left. */
export function handedHere(entries: readonly Entry[], orderId: string): Map<string, number> | "all" {
  const packs = new Map<string, number>();
  for (const { act } of entries) {
    if (act.kind !== "handover" || act.order_id !== orderId) continue;
    if (act.lines === null) return "all";
    for (const line of act.lines) packs.set(line.offer_id, (packs.get(line.offer_id) ?? 0) + line.packs);
  }
  return packs;
}
