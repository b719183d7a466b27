import type { Acting } from "../../api/acting";
import { Button } from "../../parts/button";
import { SelectField, TextField } from "../../parts/field";
import { ProblemNote } from "../../parts/states";
import { cooperativeWords } from "../../words/cooperative";
import { type Draft, isWhole, NO_PACK, type PackDraft } from "./product-draft";

interface FieldsProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  acting: Acting;
  unchanged?: boolean;
  save: () => void;
}

export function ProductFields({ draft, onDraft, acting, unchanged, save }: FieldsProps) {
  const { product: words, commodities, grades } = cooperativeWords();
  const ready = isWhole(draft) && !unchanged;
  const fault = (pointer: string) => acting.problem?.fault(pointer);
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) save();
      }}
    >
      <TextField label={words.name} value={draft.name} required maxLength={200} fault={fault("/name")} onValue={(name) => onDraft({ ...draft, name })} />
      <SelectField
        label={words.commodity}
        value={draft.commodity}
        onValue={(commodity) => onDraft({ ...draft, commodity })}
        options={Object.entries(commodities).map(([value, label]) => ({ value, label }))}
      />
      <SelectField
        label={words.grade}
        value={draft.grade}
        onValue={(grade) => onDraft({ ...draft, grade })}
        options={[{ value: "", label: words.noGrade }, ...Object.entries(grades).map(([value, label]) => ({ value, label }))]}
      />
      <TextField label={words.origin} value={draft.origin} maxLength={200} fault={fault("/origin")} onValue={(origin) => onDraft({ ...draft, origin })} />
      <Packs packs={draft.packs} fault={fault} onPacks={(packs) => onDraft({ ...draft, packs })} />
      <ProblemNote problem={acting.problem} />
      <p>
        <Button type="submit" busy={acting.busy} disabled={!ready}>
          {acting.busy ? words.saving : words.save}
        </Button>
      </p>
    </form>
  );
}

interface PacksProps {
  packs: readonly PackDraft[];
  fault: (pointer: string) => string | undefined;
  onPacks: (packs: PackDraft[]) => void;
}

function Packs({ packs, fault, onPacks }: PacksProps) {
  const words = cooperativeWords().product;
  const set = (place: number, change: Partial<PackDraft>) => onPacks(packs.map((pack, at) => (at === place ? { ...pack, ...change } : pack)));
  return (
    <fieldset class="stack">
      <legend>
        <h2>{words.packs}</h2>
      </legend>
      {packs.map((pack, place) => (
        <div class="cards" key={place}>
          <TextField label={words.sku} value={pack.sku} maxLength={100} fault={fault(`/packs/${place}/sku`)} onValue={(sku) => set(place, { sku })} />
          <TextField label={words.weight} inputMode="numeric" value={pack.weight} fault={fault(`/packs/${place}/weight_g`)} onValue={(weight) => set(place, { weight })} />
          <TextField label={words.price} inputMode="numeric" value={pack.price} fault={fault(`/packs/${place}/price`)} onValue={(price) => set(place, { price })} />
          {packs.length > 1 && (
            <p>
              <Button kind="quiet" aria-label={words.removePack(pack.sku)} onClick={() => onPacks(packs.filter((_, at) => at !== place))}>
                {words.removeShort}
              </Button>
            </p>
          )}
        </div>
      ))}
      <p>
        <Button kind="secondary" onClick={() => onPacks([...packs, NO_PACK])}>
          {words.addPack}
        </Button>
      </p>
    </fieldset>
  );
}
