/** The signed list of codes: fetched while there is a network, else as this device keeps it. */
import type { Problem } from "../../api/problem";
import { useReading } from "../../api/reading";
import { type PickupList, takeAlong, takenAlong } from "./pickup-list";

const RENEW_EVERY = 120_000;

export interface TakenAlong {
  list: PickupList | undefined;
  /** Why there is none, or none that is new; no network is no problem. */
  problem: Problem | undefined;
  loading: boolean;
  again: () => Promise<void>;
}

export function useTakenAlong(dropoffId: string, waveId: string): TakenAlong {
  const now = useReading(`/lists/${dropoffId}/${waveId}/now`, () => takeAlong(dropoffId, waveId), { every: RENEW_EVERY });
  const kept = useReading(`/lists/${dropoffId}/${waveId}/kept`, async () => (await takenAlong(dropoffId, waveId)) ?? null);
  const problem = now.problem?.passing ? undefined : now.problem;
  return { list: now.value ?? kept.value ?? undefined, problem, loading: now.loading || kept.loading, again: now.again };
}
