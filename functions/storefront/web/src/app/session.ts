/**
 * Who is signed in. The ID token lives in this module's memory alone; what renews it is in a cookie that no script can
 * read, so a reload asks `/session/renewal` for a new one.
 */
import { signal } from "@preact/signals";
import { Problem, problemOf } from "../api/problem";
import { forgetEverything } from "./keeping";

export type Role = "member" | "pic" | "cooperative" | "operator";

export interface Session {
  sub: string;
  name: string;
  roles: readonly Role[];
  institutionId: string | null;
}

/** undefined: not asked yet · null: nobody */
export const session = signal<Session | null | undefined>(undefined);

const HINT = "lumbung.signed-in"; // no secret: whether asking for a token is worth a request
const EARLY_S = 60;
let idToken: string | null = null;
let goodUntil = 0;
let renewing: Promise<void> | null = null;

/** Return a token that is good for a while yet, or null where nobody is signed in. */
export async function token(): Promise<string | null> {
  if (session.value === null) return null;
  if (!idToken || performance.now() > goodUntil) await renewal();
  return idToken;
}

/** The server refused our token: get another. False where there was none, or is none any more. */
export async function forgetToken(): Promise<boolean> {
  if (session.value === null) return false;
  goodUntil = 0;
  await renewal();
  return idToken !== null;
}

export function signIn(backTo: string = location.pathname + location.search): void {
  localStorage.setItem(HINT, "1");
  location.assign(`/session/start?to=${encodeURIComponent(backTo)}`);
}

/** Sign out here and at the sign-in, and forget what this device kept of the person. */
export async function signOut(): Promise<void> {
  const answer = await fetch("/session/end", { method: "POST" });
  if (!answer.ok) throw await problemOf(answer);
  const { to } = (await answer.json()) as { to: string };
  await forgetEverything();
  location.assign(to);
}

export function has(...roles: Role[]): boolean {
  return roles.some((role) => session.value?.roles.includes(role));
}

function renewal(): Promise<void> {
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

async function renew(): Promise<void> {
  if (!localStorage.getItem(HINT)) return forget();
  const answer = await fetch("/session/renewal", { method: "POST" }).catch(() => null);
  if (!answer || answer.status >= 500) {
    session.value ??= remembered();
    throw new Problem(answer ? "unavailable" : "offline", answer?.status ?? 0);
  }
  if (!answer.ok) return forget();
  const told = (await answer.json()) as { id_token: string; expires_in: number };
  idToken = told.id_token;
  goodUntil = performance.now() + (told.expires_in - EARLY_S) * 1_000;
  session.value = remember(read(told.id_token));
}

function forget(): void {
  localStorage.removeItem(HINT);
  localStorage.removeItem(LAST);
  idToken = null;
  session.value = null;
}

const LAST = "lumbung.person";

/** Who it was, for pages that go on without a network: a name and roles, which open nothing by themselves. */
function remember(person: Session): Session {
  localStorage.setItem(LAST, JSON.stringify(person));
  return person;
}

function remembered(): Session | null {
  return JSON.parse(localStorage.getItem(LAST) ?? "null") as Session | null;
}

/** Read what an ID token says; whether it is true is the server's to check. */
export function read(idToken: string): Session {
  const part = idToken.split(".")[1] ?? "";
  const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  const groups = claims["cognito:groups"];
  return {
    sub: String(claims["sub"]),
    name: String(claims["name"] ?? claims["cognito:username"] ?? ""),
    roles: (Array.isArray(groups) ? groups : []) as Role[],
    institutionId: (claims["custom:institution_id"] as string | undefined) ?? null,
  };
}
