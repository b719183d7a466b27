/** Where the catalogue has moved on since the wave was published. */
import { useRead } from "../../../api/reading";
import type { Wave } from "../../../api/types";
import { Notice } from "../../../parts/states";
import { officeWaveWords } from "../../../words/office-waves";

export function Divergences({ wave }: { wave: Wave }) {
  const words = officeWaveWords().page;
  const items = useRead("/v1/waves/{wave_id}/divergences", { path: { wave_id: wave.id } }).value?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Notice tone="warn">
      <strong>{words.divergences}</strong>
      <ul>
        {items.map((item) => (
          <li key={`${item.offer_id}${item.field}`}>
            {item.sku} · {item.field}: {words.inWave} {item.in_wave}, {words.inCatalog} {item.in_catalog}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
