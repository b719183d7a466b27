/** What a wave is at this second: it opens and closes by the clock, also between two looks at it. */
import { second } from "../../api/server-time";
import type { Wave } from "../../api/types";

/**
 *     told        before opens_at   from opens_at   from closes_at
 *     scheduled   scheduled         open            closed
 *     open        open              open            closed
 *     others      as told
 */
export function stateAt(wave: Pick<Wave, "state" | "opens_at" | "closes_at">, now: number): string {
  if (wave.state !== "scheduled" && wave.state !== "open") return wave.state;
  if (now >= Date.parse(wave.closes_at)) return "closed";
  return wave.state === "open" || now >= Date.parse(wave.opens_at) ? "open" : "scheduled";
}

/** For components: drawn again each second. */
export function stateNow(wave: Wave): string {
  return stateAt(wave, second.value);
}
