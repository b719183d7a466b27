/** Reads that a page shows: at once from what is known, then from the server, again while the page is looked at. */
import { useEffect, useRef, useState } from "preact/hooks";
import { keepAnswer, keptAnswer } from "../app/keeping";
import { get, url } from "./client";
import { asProblem, type Problem } from "./problem";
import type { Answer, PathWith, Place } from "./types";

export interface Reading<T> {
  value: T | undefined;
  problem: Problem | undefined;
  /** Nothing to show yet. */
  loading: boolean;
  /** What is shown is from before, and the server could not be asked. */
  old: boolean;
  again(): Promise<void>;
}

interface How {
  /** Ask again every so many milliseconds, while the page is in sight. */
  every?: number;
  /** Keep the answer on the device, to be shown without a network too. */
  keep?: boolean;
  /** false: do not ask (yet). */
  when?: boolean;
}

type Query = Record<string, string | number | undefined>;
const known = new Map<string, unknown>();

/** `useRead("/v1/orders/{order_id}", { path: { order_id }, every: 5_000, keep: true })` */
export function useRead<P extends PathWith<"get">>(
  path: P,
  asked: Place<P> & { query?: Query } & How,
): Reading<Answer<P, "get">> {
  return useReading(url(path, asked), () => get<P>(path, asked as never), asked);
}

/** As `useRead`, for whatever *ask* asks; *name* tells one answer from another. */
export function useReading<T>(name: string, ask: () => Promise<T>, how: How = {}): Reading<T> {
  const [state, setState] = useState<{ name: string; value?: T | undefined; problem?: Problem; old: boolean }>(() => ({
    name,
    value: known.get(name) as T | undefined,
    old: false,
  }));
  const current = useRef(name);
  current.current = how.when === false ? "" : name;

  async function again(): Promise<void> {
    if (current.current !== name) return;
    try {
      const value = await ask();
      known.set(name, value);
      if (how.keep) await keepAnswer(name, value);
      if (current.current === name) setState({ name, value, old: false });
    } catch (error) {
      const problem = asProblem(error);
      const before = known.get(name) ?? (how.keep && problem.passing ? await keptAnswer<T>(name) : undefined);
      if (current.current === name) setState({ name, value: before as T | undefined, problem, old: before !== undefined });
    }
  }

  useEffect(() => {
    if (how.when === false) return;
    if (state.name !== name) setState({ name, value: known.get(name) as T | undefined, old: false });
    void again();
    const looked = () => document.visibilityState === "visible" && void again();
    const timer = how.every ? setInterval(looked, how.every) : undefined;
    document.addEventListener("visibilitychange", looked);
    addEventListener("online", looked);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", looked);
      removeEventListener("online", looked);
      current.current = "";
    };
  }, [name, how.when, how.every]);

  const mine = state.name === name;
  const value = mine ? state.value : (known.get(name) as T | undefined);
  const problem = mine ? state.problem : undefined;
  return { value, problem, loading: value === undefined && problem === undefined, old: mine && state.old, again };
}

/** Forget what is known by memory, after an act that changes it: `forgetReads("/v1/orders")`. */
export function forgetReads(prefix: string): void {
  for (const name of known.keys()) if (name.startsWith(prefix)) known.delete(name);
}

/** All pages of a list, up to *most* of them; for lists that a person looks through whole. */
export async function everything<P extends PathWith<"get">>(
  path: P,
  asked: Place<P> & { query?: Query },
  most = 20,
): Promise<Answer<P, "get"> extends { items: infer Items } ? Items : never> {
  const items: unknown[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < most; page++) {
    const query = { limit: 100, ...asked.query, ...(cursor ? { cursor } : {}) };
    const answer = (await get<P>(path, { ...asked, query } as never)) as { items: unknown[]; next_cursor: string | null };
    items.push(...answer.items);
    cursor = answer.next_cursor;
    if (cursor === null) break;
  }
  return items as never;
}
