/** The signed list that a device takes along: whose code is right, and what is left of each order, without a network. */
import { get } from "../../api/client";
import { Problem } from "../../api/problem";
import { serverNow } from "../../api/server-time";
import { keepAnswer, keptAnswer } from "../../app/keeping";

export interface Listed {
  order_id: string;
  salt: string;
  code_hash: string;
  lines: [offer_id: string, name: string, packs: number][];
  proxy: boolean;
}

export interface PickupList {
  valid_until: string;
  rounds: number;
  orders: Listed[];
}

/** `unlisted`: not to be fetched, or not known when the list was taken along. */
export type Verdict = "right" | "wrong" | "locked" | "unlisted" | "no_list" | "outdated";

const TRIES = 5;
const LOCKED_MS = 15 * 60_000;
const TRIED = "lumbung.kept.tries.";

/** Take the list along, whole, once its signatures have been looked at. */
export async function takeAlong(dropoff_id: string, wave_id: string): Promise<PickupList> {
  const { keys } = await get("/v1/pickup-keys", {});
  const lists: PickupList[] = [];
  let cursor: string | undefined;
  do {
    const page = await get("/v1/dropoffs/{dropoff_id}/pickup-list", { path: { dropoff_id }, query: { wave_id, limit: 100, cursor } });
    lists.push(await verified(page.list, keys as Record<string, string>[]));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  const list = { ...lists[0]!, orders: lists.flatMap((one) => one.orders) };
  await keepAnswer(nameOf(dropoff_id, wave_id), list);
  return list;
}

export function takenAlong(dropoffId: string, waveId: string): Promise<PickupList | undefined> {
  return keptAnswer<PickupList>(nameOf(dropoffId, waveId));
}

function nameOf(dropoffId: string, waveId: string): string {
  return `/lists/${dropoffId}/${waveId}`;
}

/** Return what a compact JWS (EdDSA, RFC 8037) says, if one of *keys* signed it. */
export async function verified(jws: string, keys: readonly Record<string, string>[]): Promise<PickupList> {
  const [head = "", payload = "", signature = ""] = jws.split(".");
  const { kid } = JSON.parse(textOf(head)) as { kid: string };
  const key = keys.find((one) => one["kid"] === kid);
  const { verifyAsync } = await import("@noble/ed25519"); // browsers of some years ago do not have Ed25519
  const said = new TextEncoder().encode(`${head}.${payload}`);
  if (!key || !(await verifyAsync(bytesOf(signature), said, bytesOf(key["x"]!)))) throw new Problem("unsigned_list", 0);
  return JSON.parse(textOf(payload)) as PickupList;
}

/** Look at a code as the list allows; five wrong ones lock an order here for 15 minutes, as they do at the server. */
export async function judge(list: PickupList | undefined, orderId: string, code: string): Promise<Verdict> {
  if (!list) return "no_list";
  const now = serverNow();
  if (now > Date.parse(list.valid_until)) return "outdated";
  const listed = list.orders.find((one) => one.order_id === orderId);
  if (!listed) return "unlisted";
  const tries = wrongTries(orderId).filter((at) => now - at < LOCKED_MS);
  if (tries.length >= TRIES) return "locked";
  const right = (await hashOf(code, listed.salt, list.rounds)) === listed.code_hash;
  localStorage.setItem(TRIED + orderId, JSON.stringify(right ? [] : [...tries, now]));
  return right ? "right" : "wrong";
}

function wrongTries(orderId: string): number[] {
  return JSON.parse(localStorage.getItem(TRIED + orderId) ?? "[]") as number[];
}

/** PBKDF2 with SHA-256, in hex. */
export async function hashOf(code: string, salt: string, rounds: number): Promise<string> {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", text.encode(code), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: text.encode(salt), iterations: rounds };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
  return [...bits].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

function textOf(base64url: string): string {
  return new TextDecoder().decode(bytesOf(base64url));
}
