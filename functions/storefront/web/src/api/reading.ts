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

interface How<T = never> {
  /** Ask again every so many milliseconds, while the page is in sight; what is known may say how often. */
  every?: number | ((value: T | undefined) => number);
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
  asked: Place<P> & { query?: Query } & How<Answer<P, "get">>,
): Reading<Answer<P, "get">> {
  return useReading(url(path, asked), () => get<P>(path, asked as never), asked);
}

/** As `useRead`, for whatever *ask* asks; *name* tells one answer from another. */
export function useReading<T>(name: string, ask: () => Promise<T>, how: How<T> = {}): Reading<T> {
  const [state, setState] = useState<{ name: string; value?: T | undefined; problem?: Problem; old: boolean }>(() => ({
    name,
    value: known.get(name) as T | undefined,
    old: false,
  }));
  const current = useRef(""); // what is asked for now: an answer to what was asked before is not shown

  async function again(): Promise<void> {
    if (current.current !== name) return;
    try {
      const value = await ask();
      known.set(name, value);
      if (how.keep) await keepAnswer(name, value);
      if (current.current === name) setState({ name, value, old: false });
    } catch (error) {
      const problem = asProblem(error);
      if (!problem.passing) known.delete(name);
      const before = known.get(name) as T | undefined;
      if (current.current === name) setState({ name, value: before, problem, old: before !== undefined });
    }
  }

  /** Show what the device keeps until the server has answered: on a bad network that is a while, without one for good. */
  async function meanwhile(): Promise<void> {
    const value = await keptAnswer<T>(name);
    if (value === undefined || known.has(name) || current.current !== name) return;
    known.set(name, value);
    setState((now) => ({ ...now, name, value, old: true }));
  }

  const mine = state.name === name;
  const value = mine ? state.value : (known.get(name) as T | undefined);
  const every = typeof how.every === "function" ? how.every(value) : how.every;

  useEffect(() => {
    if (how.when === false) return;
    current.current = name;
    if (state.name !== name) setState({ name, value: known.get(name) as T | undefined, old: false });
    if (how.keep && !known.has(name)) void meanwhile();
    void again();
    const looked = () => document.visibilityState === "visible" && void again();
    const timer = every ? setInterval(looked, every) : undefined;
    document.addEventListener("visibilitychange", looked);
    addEventListener("online", looked);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", looked);
      removeEventListener("online", looked);
      current.current = "";
    };
  }, [name, how.when, every]);

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
