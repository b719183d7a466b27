import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import type { Schemas, Wave } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { SelectField, TextField } from "../../../parts/field";
import { packName } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";

type Liable = NonNullable<Schemas["CorrectionRequest"]["liable"]>;

export function Correct({ wave, again }: { wave: Wave; again: () => Promise<void> }) {
  const { allocation: words, liable } = officeWaveWords();
  const [told, setTold] = useState({ order_id: "", offer_id: wave.offers[0]!.id, packs: "", reason: "", liable: "programme" });
  const set = (change: Partial<typeof told>) => setTold({ ...told, ...change });
  const body = { ...told, order_id: told.order_id.trim(), packs: Number(told.packs), reason: told.reason.trim(), liable: told.liable as Liable };
  return (
    <AskFirst
      label={words.correct}
      title={words.correct}
      yes={words.correct}
      ready={Boolean(body.order_id && body.reason && /^\d+$/.test(told.packs))}
      intent={body}
      act={async (key) => {
        await send("post", "/v1/waves/{wave_id}/corrections", { path: { wave_id: wave.id }, body, key });
        await again();
      }}
    >
      <TextField label={words.order} value={told.order_id} onValue={(order_id) => set({ order_id })} />
      <SelectField
        label={words.offer}
        value={told.offer_id}
        onValue={(offer_id) => set({ offer_id })}
        options={wave.offers.map((offer) => ({ value: offer.id, label: packName(offer.name, offer.weight_g) }))}
      />
      <TextField label={words.packs} inputMode="numeric" value={told.packs} onValue={(packs) => set({ packs })} />
      <SelectField
        label={words.liable}
        value={told.liable}
        onValue={(chosen) => set({ liable: chosen })}
        options={Object.entries(liable).map(([value, label]) => ({ value, label }))}
      />
      <TextField label={words.reason} lines={2} maxLength={500} value={told.reason} onValue={(reason) => set({ reason })} />
    </AskFirst>
  );
}
