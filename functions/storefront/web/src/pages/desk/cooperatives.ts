/** Cooperatives by id: who sent the goods. */
import { everything, useReading } from "../../api/reading";
import type { Cooperative } from "../../api/types";

export function useCooperatives(): readonly Cooperative[] {
  return useReading("/v1/cooperatives?all", () => everything("/v1/cooperatives", {}), { keep: true }).value ?? [];
}

export function cooperativeName(all: readonly Cooperative[], id: string): string {
  return all.find((one) => one.id === id)?.name ?? "…";
}
