import { useRoute } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { useRead } from "../../api/reading";
import type { Wave } from "../../api/types";
import { has, session } from "../../app/session";
import { LinkButton } from "../../parts/button";
import { Countdown } from "../../parts/countdown";
import { Page } from "../../parts/page";
import { Notice, Shown } from "../../parts/states";
import { count, day, moment, rupiah, weight } from "../../words/formats";
import { shopWords } from "../../words/shop";
import { type Basket, chosen, mostOf, sum, useBasket } from "./basket";
import { Offers } from "./offers";
import { stateNow } from "./wave-state";
import { StateBadge } from "./waves";

const LOOK_EVERY = 10_000;

export function WavePage() {
  const { wave_id = "" } = useRoute().params;
  const reading = useRead("/v1/waves/{wave_id}", { path: { wave_id }, every: LOOK_EVERY, keep: true });
  const words = shopWords().wave;
  return (
    <Page
      title={reading.value?.name ?? shopWords().waves.title}
      back={{ href: "/gelombang", label: words.back }}
      aside={reading.value && <StateBadge wave={reading.value} />}
    >
      <Shown reading={reading}>{(wave) => <Shop wave={wave} />}</Shown>
    </Page>
  );
}

function Shop({ wave }: { wave: Wave }) {
  const basket = useBasket(wave.id);
  const adjusted = useAdjusted(wave, basket);
  const words = shopWords().wave;
  const open = stateNow(wave) === "open";
  return (
    <>
      <Times wave={wave} />
      <Standing wave={wave} />
      <div role="status">{adjusted && <Notice tone="warn">{words.fewer}</Notice>}</div>
      <Offers
        wave={wave}
        packs={basket.value.packs}
        closed={!open}
        onPacks={(offer, packs) => (basket.value = { ...basket.value, packs: { ...basket.value.packs, [offer.id]: packs } })}
      />
      {open && <BasketBar wave={wave} basket={basket.value} />}
    </>
  );
}

function Times({ wave }: { wave: Wave }) {
  const { wave: words, waves } = shopWords();
  const state = stateNow(wave);
  return (
    <dl class="facts">
      {state === "scheduled" && (
        <>
          <dt>{words.opens}</dt>
          <dd>
            {moment(wave.opens_at, wave.time_zone)} · {waves.opensIn.toLowerCase()} <Countdown to={wave.opens_at} />
          </dd>
        </>
      )}
      <dt>{words.closes}</dt>
      <dd>
        {moment(wave.closes_at, wave.time_zone)}
        {state === "open" && (
          <>
            {" · "}
            {waves.closesIn.toLowerCase()} <Countdown to={wave.closes_at} />
          </>
        )}
      </dd>
      <dt>{words.delivery}</dt>
      <dd>{day(wave.delivery_date)}</dd>
    </dl>
  );
}

/** What stands between the reader and an order, if anything does. */
function Standing({ wave }: { wave: Wave }) {
  const words = shopWords().wave;
  const state = stateNow(wave);
  const member = session.value;
  const eligible = wave.eligible_institution_ids;
  const shut = eligible !== null && member && has("member") && !eligible.includes(member.institutionId ?? "");
  return (
    <>
      <div role="status">
        {state === "scheduled" && <Notice>{words.notOpenYet}</Notice>}
        {wave.cancellation && <Notice tone="bad">{words.cancelled(wave.cancellation.reason)}</Notice>}
        {!wave.cancellation && !["scheduled", "open"].includes(state) && <Notice tone="warn">{words.closed}</Notice>}
        {state === "open" && shut && <Notice tone="warn">{words.notEligible}</Notice>}
      </div>
      {has("member") && <OwnOrder wave={wave} />}
    </>
  );
}

function OwnOrder({ wave }: { wave: Wave }) {
  const words = shopWords().wave;
  const orders = useRead("/v1/orders", { query: { limit: 50 } });
  const own = orders.value?.items.find((order) => order.wave_id === wave.id && ["placed", "confirmed"].includes(order.status));
  if (!own) return null;
  return (
    <Notice>
      <span>{words.ordered}</span>
      <a href={`/pesanan/${own.id}`}>{words.seeOrder}</a>
    </Notice>
  );
}

/** Take back what is not there any more; true once that has happened. */
function useAdjusted(wave: Wave, basket: { value: Basket }): boolean {
  const [adjusted, setAdjusted] = useState(false);
  useEffect(() => {
    const packs = { ...basket.value.packs };
    let changed = false;
    for (const { offer, packs: wished } of chosen(wave, packs)) {
      if (wished > mostOf(offer)) {
        packs[offer.id] = mostOf(offer);
        changed = true;
      }
    }
    if (changed) {
      basket.value = { ...basket.value, packs };
      setAdjusted(true);
    }
  }, [wave]);
  return adjusted;
}

function BasketBar({ wave, basket }: { wave: Wave; basket: Basket }) {
  const words = shopWords().wave;
  const all = sum(chosen(wave, basket.packs));
  return (
    <aside class="basket-bar" aria-label={words.basket}>
      <div>
        {all.packs === 0 ? (
          <span class="soft">{words.empty}</span>
        ) : (
          <>
            <span class="small soft">{words.sum(count(all.packs), weight(all.grams))}</span>
            <br />
            <strong class="number">{rupiah(all.goods)}</strong>
          </>
        )}
      </div>
      {all.packs > 0 && <LinkButton href={`/gelombang/${wave.id}/pesan`}>{words.onto}</LinkButton>}
    </aside>
  );
}
