/**
 * Where the desk stands, and what it works with. All of it is kept on the device, under the same names for every page:
 * what the start page has shown with a network is there without one.
 */
import { useRoute } from "preact-iso";
import { Problem } from "../../api/problem";
import { everything, type Reading, useRead, useReading } from "../../api/reading";
import type { Dropoff, Order, Schemas, Wave } from "../../api/types";

const LOOK_EVERY = 30_000;

export function useOwnDropoffs(): Reading<Dropoff[]> {
  return useReading("/v1/me/dropoffs?all", () => everything("/v1/me/dropoffs", {}), { keep: true });
}

export function useWaves(): Reading<Wave[]> {
  return useReading("/v1/waves?all", () => everything("/v1/waves", {}), { keep: true, every: LOOK_EVERY });
}

type Institution = Schemas["InstitutionView"];
type Consignment = Schemas["ConsignmentView"];

export function useInstitutions(): readonly Institution[] {
  return useReading("/v1/institutions?all", () => everything("/v1/institutions", {}), { keep: true }).value ?? [];
}

export function useOrders(dropoff_id: string, wave_id: string): Reading<Order[]> {
  const ask = () => everything("/v1/dropoffs/{dropoff_id}/orders", { path: { dropoff_id }, query: { wave_id } });
  return useReading(`/v1/dropoffs/${dropoff_id}/orders?wave_id=${wave_id}&all`, ask, { keep: true, every: LOOK_EVERY });
}

/** Those of one drop-off that bring something. */
export function useConsignments(dropoff_id: string, wave_id: string): Reading<Consignment[]> {
  const ask = () => everything("/v1/waves/{wave_id}/consignments", { path: { wave_id } });
  const all = useReading(`/v1/waves/${wave_id}/consignments?all`, ask, { keep: true, every: LOOK_EVERY });
  return { ...all, value: all.value?.filter((one) => one.dropoff_id === dropoff_id && one.packs > 0) };
}

export function useManifest(dropoff_id: string, wave_id: string): Reading<Schemas["ManifestView"]> {
  return useRead("/v1/dropoffs/{dropoff_id}/manifest", { path: { dropoff_id }, query: { wave_id }, keep: true, every: LOOK_EVERY });
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
  const wave = oneOf(useWaves(), wave_id);
  const dropoff = oneOf(useOwnDropoffs(), dropoff_id);
  return { dropoff_id, wave_id, base: `/loket/${dropoff_id}/${wave_id}`, wave, dropoff };
}

function oneOf<T extends { id: string }>(all: Reading<T[]>, id: string): Reading<T> {
  const value = all.value?.find((one) => one.id === id);
  const unknown = all.value && !value ? new Problem("not_found", 404) : undefined;
  return { ...all, value, problem: unknown ?? all.problem };
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
