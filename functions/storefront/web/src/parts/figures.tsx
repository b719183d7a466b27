/** A few numbers that matter, large. */
import type { ComponentChildren } from "preact";
import "./figures.css";

export interface Figure {
  label: string;
  value: ComponentChildren;
}

export function Figures({ of }: { of: readonly Figure[] }) {
  return (
    <dl class="figures">
      {of.map((figure) => (
        <div key={figure.label}>
          <dt>{figure.label}</dt>
          <dd class="number">{figure.value}</dd>
        </div>
      ))}
    </dl>
  );
}
