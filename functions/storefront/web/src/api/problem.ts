/** What can become of a request besides its answer. */

/** A fault at one place of what was sent: a JSON pointer, and a sentence of the server. */
export interface Fault {
  pointer: string;
  message: string;
}

/**
 * `code` is the contract's stable word, or one of ours: `offline` (no way to the server), `unavailable` (the server,
 * or something before it, is out of order), `sign_in` (nobody is signed in, or no longer).
 */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string = "",
    readonly faults: readonly Fault[] = [],
    readonly retryAfter: number | null = null,
  ) {
    super(detail || code);
  }

  /** Whether the same request may well succeed a moment later. */
  get passing(): boolean {
    return this.code === "offline" || this.code === "unavailable" || this.code === "provider_unavailable";
  }

  fault(pointer: string): string | undefined {
    return this.faults.find((fault) => fault.pointer === pointer)?.message;
  }
}

const GATEWAY: Record<number, string> = { 401: "sign_in", 404: "not_found", 413: "too_large", 429: "too_many_requests" };

/** Read a refusal: a problem document of ours, or the gateway's own few words. */
export async function problemOf(answer: Response): Promise<Problem> {
  const told = await answer.json().catch(() => ({}));
  const retryAfter = Number(answer.headers.get("retry-after")) || null;
  const code = answer.status === 401 ? "sign_in" : (told.code ?? GATEWAY[answer.status] ?? "unavailable");
  return new Problem(code, answer.status, told.detail ?? "", told.errors ?? [], retryAfter);
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
