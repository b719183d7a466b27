/** How many packs will really be brought; said once, and changed until the wave is shared out. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import type { Schemas, Wave } from "../../api/types";
import { useKept } from "../../app/keeping";
import { Button } from "../../parts/button";
import { Stepper } from "../../parts/field";
import { Badge, Notice, ProblemNote } from "../../parts/states";
import { cooperativeWords } from "../../words/cooperative";
import { count, packName } from "../../words/formats";

type Demand = Schemas["DemandView"];
const MOST = 1_000_000;

interface SupplyProps {
  demand: Demand;
  wave: Wave;
  again: () => Promise<void>;
}

export function Supply({ demand, wave, again }: SupplyProps) {
  const words = cooperativeWords().wave;
  const [changing, setChanging] = useState(false);
  const confirmed = Object.fromEntries(demand.supply.map((line) => [line.offer_id, line.packs]));
  const said = demand.supply.length > 0;
  const awaited = wave.state === "closed";
  return (
    <section class="stack tight">
      <h2>{words.supply}</h2>
      <div role="status">{said && <Notice tone="good">{words.confirmed}</Notice>}</div>
      {said && !changing && <Confirmed demand={demand} wave={wave} confirmed={confirmed} />}
      {said && awaited && !changing && (
        <p>
          <Button kind="secondary" onClick={() => setChanging(true)}>
            {words.change}
          </Button>
        </p>
      )}
      {awaited && (changing || !said) && (
        <Form
          demand={demand}
          wave={wave}
          confirmed={confirmed}
          done={async () => {
            await again();
            setChanging(false);
          }}
        />
      )}
    </section>
  );
}

function Confirmed({ demand, wave, confirmed }: { demand: Demand; wave: Wave; confirmed: Record<string, number> }) {
  const words = cooperativeWords().wave;
  return (
    <ul class="stack tight">
      {wave.offers
        .filter((offer) => demand.by_offer[offer.id])
        .map((offer) => {
          const asked = demand.by_offer[offer.id]?.packs ?? 0;
          const brought = confirmed[offer.id] ?? 0;
          return (
            <li key={offer.id}>
              {packName(offer.name, offer.weight_g)}: <strong class="number">{count(brought)}</strong>{" "}
              <span class="soft small">({words.asked(count(asked))})</span> {brought < asked && <Badge tone="warn">{words.less}</Badge>}
            </li>
          );
        })}
    </ul>
  );
}

interface FormProps {
  demand: Demand;
  wave: Wave;
  confirmed: Record<string, number>;
  done: () => Promise<void>;
}

function Form({ demand, wave, confirmed, done }: FormProps) {
  const words = cooperativeWords().wave;
  const offers = wave.offers.filter((offer) => demand.by_offer[offer.id]);
  const asked = Object.fromEntries(offers.map((offer) => [offer.id, demand.by_offer[offer.id]?.packs ?? 0]));
  const draft = useKept<Record<string, number>>(`supply.${wave.id}`, { ...asked, ...confirmed });
  const [confirm, confirming] = useAct(async (key, packs: Record<string, number>) => {
    const lines = offers.map((offer) => ({ offer_id: offer.id, packs: packs[offer.id] ?? 0 }));
    await send("post", "/v1/waves/{wave_id}/supply", { path: { wave_id: wave.id }, body: { lines }, key });
    await done();
  });
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        void confirm(draft.value);
      }}
    >
      <p>{words.supplyWhy}</p>
      {offers.map((offer) => {
        const name = packName(offer.name, offer.weight_g);
        return (
          <div class="row apart" key={offer.id}>
            <span>
              {name} <span class="soft small">{words.asked(count(asked[offer.id] ?? 0))}</span>
            </span>
            <Stepper
              label={name}
              value={draft.value[offer.id] ?? 0}
              most={MOST}
              onValue={(packs) => (draft.value = { ...draft.value, [offer.id]: packs })}
            />
          </div>
        );
      })}
      <ProblemNote problem={confirming.problem} />
      <div class="row">
        <Button type="submit" busy={confirming.busy}>
          {words.confirm}
        </Button>
        <Button kind="secondary" onClick={() => (draft.value = asked)}>
          {words.all}
        </Button>
      </div>
    </form>
  );
}
