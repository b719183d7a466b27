/** Where the desk stands: which drop-off, and which wave's goods. All of it is kept on the device. */
import { useRoute } from "preact-iso";
import { everything, type Reading, useRead, useReading } from "../../api/reading";
import type { Dropoff, Wave } from "../../api/types";

const LOOK_EVERY = 30_000;

export function useOwnDropoffs(): Reading<Dropoff[]> {
  return useReading("/v1/me/dropoffs?all", () => everything("/v1/me/dropoffs", {}), { keep: true });
}

export function useWaves(): Reading<Wave[]> {
  return useReading("/v1/waves?all", () => everything("/v1/waves", {}), { keep: true, every: LOOK_EVERY });
}

export interface Desk {
  dropoff_id: string;
  wave_id: string;
  /** Below which the pages of this desk are. */
  base: string;
  wave: Reading<Wave>;
  dropoff: Reading<Dropoff>;
}

/** The desk that the address names: `/loket/:dropoff_id/:wave_id/…` */
export function useDesk(): Desk {
  const { dropoff_id = "", wave_id = "" } = useRoute().params;
  const wave = useRead("/v1/waves/{wave_id}", { path: { wave_id }, keep: true });
  const dropoff = useRead("/v1/dropoffs/{dropoff_id}", { path: { dropoff_id }, keep: true });
  return { dropoff_id, wave_id, base: `/loket/${dropoff_id}/${wave_id}`, wave, dropoff };
}

export type DeskPageName = "terima" | "serah" | "kirim" | "pesan" | "pesanan";

/** Which work a wave makes: before its goods come, orders and their money; then the goods. */
export function pagesFor(state: string | undefined): readonly DeskPageName[] {
  if (state === "open") return ["pesan", "pesanan"];
  if (state === "scheduled" || state === "closed" || state === "cancelled") return ["pesanan"];
  return ["terima", "serah", "kirim", "pesanan"];
}

export function deskPath(dropoffId: string, waveId: string, page: DeskPageName): string {
  return `/loket/${dropoffId}/${waveId}/${page}`;
}
