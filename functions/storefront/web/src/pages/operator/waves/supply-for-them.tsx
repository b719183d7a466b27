/** Supply that a cooperative has told the office of by word of mouth. */
import { useRead } from "../../../api/reading";
import type { Wave } from "../../../api/types";
import { Shown } from "../../../parts/states";
import { officeWaveWords } from "../../../words/office-waves";
import { DemandTable } from "../../cooperative/demand";
import { Supply } from "../../cooperative/supply";

export function SupplyForThem({ wave, again }: { wave: Wave; again: () => Promise<void> }) {
  const words = officeWaveWords().allocation;
  const reading = useRead("/v1/waves/{wave_id}/demand", { path: { wave_id: wave.id }, every: 15_000 });
  return (
    <Shown reading={reading}>
      {(demand) => (
        <>
          <DemandTable demand={demand} wave={wave} />
          <p class="soft">{words.supplyWhy}</p>
          <Supply demand={demand} wave={wave} again={async () => void (await Promise.all([reading.again(), again()]))} />
        </>
      )}
    </Shown>
  );
}
