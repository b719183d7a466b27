/** What time it is by the server: a phone's own clock may be minutes off, and waves close to the second. */
import { signal } from "@preact/signals";

const KEPT = "lumbung.clock-ahead"; // a page that is opened without a network goes by what was heard last
let ahead = Number(globalThis.localStorage?.getItem(KEPT) ?? 0);

/** Every answer tells the time, to the second; take it where ours is off by more than that. */
export function heardTime(date: string | null): void {
  const theirs = date ? Date.parse(date) : NaN;
  if (Number.isNaN(theirs)) return;
  const off = theirs - Date.now();
  if (Math.abs(off - ahead) <= 1_500) return;
  ahead = off;
  globalThis.localStorage?.setItem(KEPT, String(off));
}

export function serverNow(): number {
  return Date.now() + ahead;
}

/** Ticks each second while somebody looks at it: read it in a component that counts down. */
export const second = signal(serverNow(), {
  watched() {
    ticking = setInterval(() => (second.value = serverNow()), 1_000);
    second.value = serverNow();
  },
  unwatched() {
    clearInterval(ticking);
  },
});
let ticking: ReturnType<typeof setInterval> | undefined;
