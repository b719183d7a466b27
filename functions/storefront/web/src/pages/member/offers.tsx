/** What a wave offers, by cooperative, with how many packs one takes. */
import type { Cooperative, Offer, Wave } from "../../api/types";
import { everything, useReading } from "../../api/reading";
import { Stepper } from "../../parts/field";
import { Badge } from "../../parts/states";
import { count, packName, perKilogram, rupiah } from "../../words/formats";
import { shopWords } from "../../words/shop";
import { mostOf } from "./basket";

interface OffersProps {
  wave: Wave;
  packs: Record<string, number>;
  onPacks: (offer: Offer, packs: number) => void;
  /** Packs of one's own order, which one keeps when it is edited. */
  had?: Record<string, number>;
  closed?: boolean;
}

export function Offers({ wave, packs, onPacks, had = {}, closed = false }: OffersProps) {
  const names = useCooperatives();
  const ids = [...new Set(wave.offers.map((offer) => offer.cooperative_id))];
  return (
    <>
      {ids.map((id) => (
        <section class="stack tight" key={id}>
          <div>
            <h2>{names[id]?.name ?? "…"}</h2>
            <p class="soft small">{names[id]?.regency}</p>
          </div>
          <ul class="offers">
            {wave.offers
              .filter((offer) => offer.cooperative_id === id)
              .map((offer) => (
                <OfferRow
                  key={offer.id}
                  offer={offer}
                  packs={packs[offer.id] ?? 0}
                  most={mostOf(offer, had[offer.id])}
                  closed={closed}
                  onPacks={(next) => onPacks(offer, next)}
                />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface RowProps {
  offer: Offer;
  packs: number;
  most: number;
  closed: boolean;
  onPacks: (packs: number) => void;
}

function OfferRow({ offer, packs, most, closed, onPacks }: RowProps) {
  const words = shopWords().wave;
  return (
    <li class="card offer">
      <div class="stack tight">
        <h3>
          {packName(offer.name, offer.weight_g)}
        </h3>
        <p>
          <strong class="price number">{rupiah(offer.price)}</strong> <span class="soft">{perKilogram(offer.price, offer.weight_g)}</span>
        </p>
        <p class="row small">
          <Remains offer={offer} />
          {offer.max_per_member !== null && <span class="soft">{words.most(count(offer.max_per_member))}</span>}
        </p>
      </div>
      {!closed && (most > 0 || packs > 0) && (
        <Stepper label={words.packsOf(packName(offer.name, offer.weight_g))} value={packs} most={most} onValue={onPacks} />
      )}
    </li>
  );
}

function Remains({ offer }: { offer: Offer }) {
  const words = shopWords().wave;
  if (offer.remaining === null) return <Badge tone="good">{words.unlimited}</Badge>;
  if (offer.remaining === 0) return <Badge tone="bad">{words.soldOut}</Badge>;
  const scarce = offer.quota !== null && offer.remaining * 10 <= offer.quota;
  return <Badge tone={scarce ? "warn" : "good"}>{words.left(count(offer.remaining))}</Badge>;
}

function useCooperatives(): Record<string, Cooperative> {
  const reading = useReading("/v1/cooperatives?all", () => everything("/v1/cooperatives", {}), { keep: true });
  return Object.fromEntries((reading.value ?? []).map((cooperative) => [cooperative.id, cooperative]));
}
