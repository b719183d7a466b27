/** What stands where there is nothing yet, nothing at all, or something went wrong. */
import type { ComponentChildren } from "preact";
import type { Problem } from "../api/problem";
import type { Reading } from "../api/reading";
import { signIn } from "../app/session";
import { appWords } from "../words/app";
import { inWords } from "../words/problems";
import { Button } from "./button";

export function Loading({ rows = 3 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="unseen" style={{ height: "1px" }}>
        {appWords().loading}
      </span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} aria-hidden="true" />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export type Tone = "good" | "warn" | "bad" | "note";

export function Notice({ tone = "note", children }: { tone?: Tone; children: ComponentChildren }) {
  return <div class={`notice ${tone}`}>{children}</div>;
}

export function Badge({ tone, children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone ?? ""}`}>{children}</span>;
}

/** A refusal, in plain words; it is read out as soon as it appears. */
export function ProblemNote({ problem, again }: { problem: Problem | undefined; again?: () => void }) {
  const words = appWords();
  if (!problem) return null;
  const { what, next, detail } = inWords(problem);
  const signedOut = problem.code === "sign_in" || problem.code === "unauthenticated";
  return (
    <div class="notice bad" role="alert">
      <strong>{what}</strong>
      {detail && problem.faults.length === 0 && <span>{detail}</span>}
      {problem.faults.length > 0 && (
        <ul>
          {problem.faults.map((fault) => (
            <li key={fault.pointer}>{fault.message}</li>
          ))}
        </ul>
      )}
      <span>{next}</span>
      {signedOut && <Button onClick={() => signIn()}>{words.signIn}</Button>}
      {!signedOut && again && (
        <Button kind="secondary" onClick={again}>
          {words.again}
        </Button>
      )}
    </div>
  );
}

/** Draw a read's value once there is one; before, or instead, what there is to say of it. */
export function Shown<T>({ reading, rows, children }: { reading: Reading<T>; rows?: number; children: (value: T) => ComponentChildren }) {
  const words = appWords();
  if (reading.value === undefined) {
    if (reading.problem) return <ProblemNote problem={reading.problem} again={() => void reading.again()} />;
    return <Loading {...(rows ? { rows } : {})} />;
  }
  return (
    <>
      {reading.old && reading.problem && reading.problem.code !== "offline" && <Notice tone="warn">{words.stale}</Notice>}
      {children(reading.value)}
    </>
  );
}
