/** Charts as plain SVG. Their figures stand beside them as text, or in a table of the same page. */
import "./chart.css";

export interface Bar {
  name: string;
  value: number;
  /** The part of it that is filled in: what is paid, handed over… */
  part?: number;
  /** As people write it. */
  shown: string;
}

/** Bars below each other, each with its name and figure; the longest fills the width. */
export function Bars({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <figure class="chart stack tight">
      <figcaption>{title}</figcaption>
      <ul>
        {bars.map((bar) => (
          <li key={bar.name}>
            <span class="row apart">
              <span dir="auto">{bar.name}</span>
              <span class="number">{bar.shown}</span>
            </span>
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="4" />
              <rect class="whole" width={(100 * bar.value) / most} height="4" />
              {bar.part !== undefined && <rect class="part" width={(100 * bar.part) / most} height="4" />}
            </svg>
          </li>
        ))}
      </ul>
    </figure>
  );
}

interface ColumnsProps {
  title: string;
  /** What the picture says, for who cannot see it. */
  said: string;
  values: readonly number[];
  first: string;
  last: string;
}

const STEP = 10;
const HEIGHT = 60;

/** One column a minute, an hour, a day: how something goes on. */
export function Columns({ title, said, values, first, last }: ColumnsProps) {
  const most = Math.max(1, ...values);
  const height = (value: number) => (HEIGHT * value) / most;
  return (
    <figure class="chart stack tight">
      <figcaption>{title}</figcaption>
      <svg class="columns" viewBox={`0 0 ${values.length * STEP} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={said}>
        {values.map((value, place) => (
          <rect key={place} class="whole" x={place * STEP + 1} y={HEIGHT - height(value)} width={STEP - 2} height={height(value)} />
        ))}
      </svg>
      <span class="row apart small soft">
        <span>{first}</span>
        <span>{last}</span>
      </span>
    </figure>
  );
}
