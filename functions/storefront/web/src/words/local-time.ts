/** Moments as people type them: the wall clock of a place, without its zone. Indonesia keeps no summer time. */
import type { Zone } from "./formats";

const OFFSETS: Record<Zone, string> = { "Asia/Jakarta": "+07:00", "Asia/Makassar": "+08:00", "Asia/Jayapura": "+09:00" };

/** 2020-04-07T01:00:00Z, Asia/Jakarta → 2020-04-07T08:00 */
export function toLocal(at: string, zone: Zone): string {
  const hours = Number(OFFSETS[zone].slice(1, 3));
  return new Date(Date.parse(at) + hours * 3_600_000).toISOString().slice(0, 16);
}

/** 2020-04-07T08:00, Asia/Jakarta → 2020-04-07T08:00:00+07:00 */
export function fromLocal(typed: string, zone: Zone): string {
  return `${typed}:00${OFFSETS[zone]}`;
}
