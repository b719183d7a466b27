import { useList } from "../../api/list";
import type { Cooperative, Wave } from "../../api/types";
import { Page } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { WaveBadge } from "../../parts/wave-badge";
import { cooperativeWords } from "../../words/cooperative";
import { day, moment, packName } from "../../words/formats";
import { Own } from "./own";

export function Start() {
  const words = cooperativeWords().waves;
  return (
    <Page title={words.title}>
      <Own>{(own) => <Waves own={own} />}</Own>
    </Page>
  );
}

function Waves({ own }: { own: readonly Cooperative[] }) {
  const words = cooperativeWords().waves;
  const reading = useList("/v1/waves", { every: 30_000 });
  const ids = new Set(own.map((cooperative) => cooperative.id));
  return (
    <Shown reading={reading}>
      {(waves) => {
        const ours = waves.filter((wave) => wave.offers.some((offer) => ids.has(offer.cooperative_id)));
        if (ours.length === 0) return <Empty title={words.none}>{words.noneWhy}</Empty>;
        return (
          <ul class="cards">
            {ours.map((wave) => (
              <li key={wave.id}>
                <Card wave={wave} ids={ids} />
              </li>
            ))}
          </ul>
        );
      }}
    </Shown>
  );
}

function Card({ wave, ids }: { wave: Wave; ids: ReadonlySet<string> }) {
  const words = cooperativeWords().waves;
  const offers = wave.offers.filter((offer) => ids.has(offer.cooperative_id));
  return (
    <article class="card stack tight">
      <div class="row apart">
        <h2>
          <a href={`/koperasi/gelombang/${wave.id}`}>{wave.name}</a>
        </h2>
        <WaveBadge state={wave.state} />
      </div>
      <dl class="facts">
        <dt>{words.closes}</dt>
        <dd>{moment(wave.closes_at, wave.time_zone)}</dd>
        <dt>{words.delivery}</dt>
        <dd>{day(wave.delivery_date)}</dd>
        <dt>{words.yours}</dt>
        <dd>{offers.map((offer) => packName(offer.name, offer.weight_g)).join(", ")}</dd>
      </dl>
    </article>
  );
}
