/** How far a long work is; without *of*, only that it goes on. */
import type { ComponentChildren } from "preact";

export function Progress({ label, done, of }: { label: ComponentChildren; done?: number; of?: number }) {
  return (
    <label class="stack tight">
      <span>{label}</span>
      {of ? <progress value={done ?? 0} max={of} /> : <progress />}
    </label>
  );
}
