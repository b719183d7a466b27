/** The one way to the public interface: typed, signed in, tried again where that is safe. */
import { token, forgetToken } from "../app/session";
import { heardTime } from "./server-time";
import { Problem, problemOf } from "./problem";
import type { Answer, Body, Method, PathWith, Place } from "./types";

type Query = Record<string, string | number | undefined>;
type Asked<P extends string> = Place<P> & { query?: Query; signal?: AbortSignal };
type Sent<P extends string, B> = Asked<P> & { key: string } & (B extends undefined ? { body?: undefined } : { body: B });

const TRIES = 3;
/** What anybody may read: asked without a token, so that nothing waits for one and answers may be shared. */
const OPEN = /^\/v1\/(waves|cooperatives|dropoffs|institutions|villages|catalog\/products)(\/[^/?]+)?(\?|$)/;

/** Read something. `get("/v1/waves/{wave_id}", { path: { wave_id } })` */
export function get<P extends PathWith<"get">>(path: P, asked: Asked<P>): Promise<Answer<P, "get">> {
  return request("get", url(path, asked), asked.signal) as Promise<Answer<P, "get">>;
}

/**
 * Change something. *key* is the Idempotency-Key: the same for the same intent, so that a repeat (ours after a lost
 * answer, or the person's after a reload) is the same act. `newKey()` makes one.
 */
export function send<M extends Exclude<Method, "get">, P extends PathWith<M>>(
  method: M,
  path: P,
  asked: Sent<P, Body<P, M>>,
): Promise<Answer<P, M>> {
  return request(method, url(path, asked), asked.signal, asked.body, asked.key) as Promise<Answer<P, M>>;
}

export function newKey(): string {
  return crypto.randomUUID();
}

export function url(path: string, asked: { path?: Record<string, string> | undefined; query?: Query | undefined }): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(asked.path?.[name] ?? ""));
  const query = Object.entries(asked.query ?? {}).filter(([, value]) => value !== undefined);
  return query.length ? `${filled}?${new URLSearchParams(query.map(([name, value]) => [name, String(value)]))}` : filled;
}

/** As `get` and `send`, for a path that the OpenAPI document does not name. */
export async function request(
  method: Method,
  address: string,
  signal?: AbortSignal,
  body?: unknown,
  key?: string,
): Promise<unknown> {
  for (let tried = 1; ; tried++) {
    try {
      return await once(method, address, signal, body, key);
    } catch (error) {
      if (!(error instanceof Problem) || !worthAnother(error, tried)) throw error;
      await pause(error.retryAfter ?? 0.4 * 2 ** tried * (0.5 + Math.random()), signal);
    }
  }
}

async function once(method: Method, address: string, signal?: AbortSignal, body?: unknown, key?: string): Promise<unknown> {
  const open = method === "get" && OPEN.test(address);
  let answer = await ask(method, address, open ? null : await token(), signal, body, key);
  if (answer.status === 401 && (await forgetToken())) {
    answer = await ask(method, address, await token(), signal, body, key);
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer.status === 204 ? undefined : answer.json();
}

async function ask(method: Method, address: string, bearer: string | null, signal?: AbortSignal, body?: unknown, key?: string) {
  const headers = new Headers({ accept: "application/json" });
  if (bearer) headers.set("authorization", `Bearer ${bearer}`);
  if (key) headers.set("idempotency-key", key);
  if (body !== undefined) headers.set("content-type", "application/json");
  const sent: RequestInit = { method: method.toUpperCase(), headers };
  if (signal) sent.signal = signal;
  if (body !== undefined) sent.body = JSON.stringify(body);
  const answer = await fetch(address, sent).catch((error: Error) => {
    if (error.name === "AbortError") throw error;
    throw new Problem("offline", 0);
  });
  heardTime(answer.headers.get("date"));
  return answer;
}

/** Everything here may be repeated: reads, and acts that carry a key. */
function worthAnother(problem: Problem, tried: number): boolean {
  if (tried >= TRIES || !navigator.onLine) return false;
  return problem.code === "offline" || problem.status >= 502 || (problem.status === 429 && (problem.retryAfter ?? 99) <= 5);
}

function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1_000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
