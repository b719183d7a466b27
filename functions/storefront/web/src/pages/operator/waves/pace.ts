/** How fast orders come in, told from their number at several moments. */

/** The number of orders (`orders`) at a moment (`at`: milliseconds). */
export interface Sample {
  at: number;
  orders: number;
}

const MINUTE = 60_000;
const KEPT = 60; // minutes

/** Add a sample: the last one of each minute stays, for an hour. */
export function sampled(samples: readonly Sample[], now: Sample): Sample[] {
  const minute = (sample: Sample) => Math.floor(sample.at / MINUTE);
  const earlier = samples.filter((sample) => minute(sample) < minute(now) && sample.at > now.at - KEPT * MINUTE);
  return [...earlier, now];
}

/**
 * Orders in each of the minutes up to *now*, at least ten of them. What came while nobody looked is spread evenly.
 *
 *     samples (minute: orders)    per minute
 *     0: 4 · 1: 6 · 2: 6          … 2 0
 *     0: 4 · 3: 10                … 2 2 2
 */
export function perMinute(samples: readonly Sample[], now: number, least = 10): number[] {
  const first = samples[0];
  const last = Math.floor(now / MINUTE);
  const begins = first ? Math.min(Math.floor(first.at / MINUTE), last - least) : last - least;
  const values = new Array<number>(last - begins).fill(0);
  samples.slice(1).forEach((sample, place) => {
    const from = Math.floor(samples[place]!.at / MINUTE);
    const to = Math.floor(sample.at / MINUTE);
    const each = Math.max(0, sample.orders - samples[place]!.orders) / (to - from);
    for (let minute = from + 1; minute <= to; minute++) values[minute - begins - 1] = each;
  });
  return values;
}
