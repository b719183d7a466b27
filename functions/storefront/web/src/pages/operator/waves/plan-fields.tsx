/** The fields of a plan: when, what, and for whom. */
import { useList } from "../../../api/list";
import { useRegister } from "../../../api/names";
import type { Schemas } from "../../../api/types";
import { CheckField, SelectField, TextField } from "../../../parts/field";
import { Empty, Shown } from "../../../parts/states";
import { packName, rupiah, type Zone } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";
import { offerKey, type OfferPlan, type Plan } from "./plan";

interface Fields {
  plan: Plan;
  set: (change: Partial<Plan>) => void;
  fault: (pointer: string) => string | undefined;
}

const ZONES = { "Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };

function options(labels: Record<string, string>) {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}

export function Times({ plan, set, fault }: Fields) {
  const words = officeWaveWords().form;
  return (
    <section class="card stack">
      <TextField label={words.name} value={plan.name} maxLength={200} required fault={fault("/name")} onValue={(name) => set({ name })} />
      <div class="cards">
        <TextField label={words.opens} type="datetime-local" value={plan.opens} fault={fault("/opens_at")} onValue={(opens) => set({ opens })} />
        <TextField label={words.closes} type="datetime-local" value={plan.closes} fault={fault("/closes_at")} onValue={(closes) => set({ closes })} />
        <TextField label={words.due} type="datetime-local" value={plan.due} fault={fault("/payment_due_at")} onValue={(due) => set({ due })} />
        <TextField label={words.delivery} type="date" value={plan.delivery} fault={fault("/delivery_date")} onValue={(delivery) => set({ delivery })} />
        <SelectField label={words.zone} value={plan.zone} onValue={(zone) => set({ zone: zone as Zone })} options={options(ZONES)} />
        <SelectField label={words.policy} value={plan.policy} onValue={(policy) => set({ policy })} options={options(words.policies)} />
        <TextField
          label={words.ordersPerMember}
          hint={words.ordersHint}
          inputMode="numeric"
          value={plan.ordersPerMember}
          fault={fault("/orders_per_member")}
          onValue={(ordersPerMember) => set({ ordersPerMember })}
        />
      </div>
    </section>
  );
}

export function OfferFields({ plan, set, fault }: Fields) {
  const words = officeWaveWords().form;
  const products = useList("/v1/catalog/products", {});
  return (
    <fieldset class="card stack">
      <legend class="unseen">{words.offers}</legend>
      <h2 aria-hidden="true">{words.offers}</h2>
      <p class="soft">{words.offersWhy}</p>
      {fault("/offers") && <span class="fault small">{fault("/offers")}</span>}
      <Shown reading={products}>
        {(items) => {
          const packs = items.filter((product) => product.state === "active").flatMap((product) => product.packs.map((pack) => ({ product, pack })));
          if (packs.length === 0) return <Empty title={words.noProducts} />;
          return packs.map(({ product, pack }) => (
            <OfferChoice key={offerKey(product.id, pack.sku)} product={product} pack={pack} offers={plan.offers} onOffers={(offers) => set({ offers })} />
          ));
        }}
      </Shown>
    </fieldset>
  );
}

interface OfferChoiceProps {
  product: Schemas["ProductView"];
  pack: Schemas["PackView"];
  offers: Record<string, OfferPlan>;
  onOffers: (offers: Record<string, OfferPlan>) => void;
}

function OfferChoice({ product, pack, offers, onOffers }: OfferChoiceProps) {
  const words = officeWaveWords().form;
  const key = offerKey(product.id, pack.sku);
  const name = packName(product.name, pack.weight_g);
  const { [key]: offer, ...others } = offers;
  return (
    <div class="stack tight">
      <CheckField
        label={name}
        hint={`${rupiah(pack.price)} · ${product.cooperative?.name ?? ""}`}
        value={offer !== undefined}
        onValue={(wanted) => onOffers(wanted ? { ...offers, [key]: { quota: "", most: "" } } : others)}
      />
      {offer && (
        <div class="cards">
          <TextField
            label={`${words.quota}: ${name}`}
            hint={words.quotaHint}
            inputMode="numeric"
            value={offer.quota}
            onValue={(quota) => onOffers({ ...offers, [key]: { ...offer, quota } })}
          />
          <TextField
            label={`${words.most}: ${name}`}
            hint={words.mostHint}
            inputMode="numeric"
            value={offer.most}
            onValue={(most) => onOffers({ ...offers, [key]: { ...offer, most } })}
          />
        </div>
      )}
    </div>
  );
}

export function TakingPart({ plan, set, fault }: Fields) {
  const words = officeWaveWords().form;
  return (
    <>
      <fieldset class="card stack tight">
        <legend class="unseen">{words.dropoffs}</legend>
        <h2 aria-hidden="true">{words.dropoffs}</h2>
        {fault("/dropoff_ids") && <span class="fault small">{fault("/dropoff_ids")}</span>}
        <Ticks register="/v1/dropoffs" chosen={plan.dropoffs} onChosen={(dropoffs) => set({ dropoffs })} />
      </fieldset>
      <fieldset class="card stack tight">
        <legend class="unseen">{words.institutions}</legend>
        <h2 aria-hidden="true">{words.institutions}</h2>
        <CheckField label={words.everyone} value={plan.institutions === null} onValue={(all) => set({ institutions: all ? null : [] })} />
        {plan.institutions && <Ticks register="/v1/institutions" chosen={plan.institutions} onChosen={(institutions) => set({ institutions })} />}
      </fieldset>
    </>
  );
}

interface TicksProps {
  register: "/v1/dropoffs" | "/v1/institutions";
  chosen: readonly string[];
  onChosen: (ids: string[]) => void;
}

function Ticks({ register, chosen, onChosen }: TicksProps) {
  const reading = useRegister(register);
  return (
    <Shown reading={reading}>
      {(things) =>
        things.map((thing) => (
          <CheckField
            key={thing.id}
            label={thing.name}
            value={chosen.includes(thing.id)}
            onValue={(wanted) => onChosen(wanted ? [...chosen, thing.id] : chosen.filter((id) => id !== thing.id))}
          />
        ))
      }
    </Shown>
  );
}
