/** A QR code, dark on white with its quiet zone whatever the colours around it: cameras want it so. */
import { encode } from "uqr";
import { useMemo } from "preact/hooks";

export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => draw(text), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** Return the code as one path: a bar for each run of dark modules in a row. */
export function draw(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { border: 4 });
  const bars: string[] = [];
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      const from = x;
      while (row[x]) x++;
      if (x > from) bars.push(`M${from} ${y}h${x - from}v1H${from}z`);
    }
  });
  return { path: bars.join(""), size };
}
