/** What members have ordered and paid: by drop-off and pack. */
import { useNames } from "../../api/names";
import type { Schemas, Wave } from "../../api/types";
import { type Column, Table } from "../../parts/table";
import { cooperativeWords } from "../../words/cooperative";
import { count, packName, rupiah, weight } from "../../words/formats";

type Demand = Schemas["DemandView"];

export function DemandTable({ demand, wave }: { demand: Demand; wave: Wave }) {
  const words = cooperativeWords().wave;
  const nameOf = useNames("/v1/dropoffs");
  const offers = wave.offers.filter((offer) => demand.by_offer[offer.id]);
  const packs = (dropoffId: string, offerId: string) =>
    demand.items.find((line) => line.dropoff_id === dropoffId && line.offer_id === offerId)?.packs ?? 0;
  const columns: Column<string>[] = [
    { title: words.dropoff, cell: (id) => nameOf(id) },
    ...offers.map((offer) => ({ title: packName(offer.name, offer.weight_g), cell: (id: string) => count(packs(id, offer.id)), number: true })),
    { title: words.weight, cell: (id) => weight(demand.by_dropoff[id]?.weight_g ?? 0), number: true },
    { title: words.value, cell: (id) => rupiah(demand.by_dropoff[id]?.value ?? 0), number: true },
  ];
  const sums = offers.map((offer) => count(demand.by_offer[offer.id]?.packs ?? 0));
  return (
    <Table
      caption={words.demand}
      columns={columns}
      rows={Object.keys(demand.by_dropoff)}
      rowKey={(id) => id}
      foot={[words.sum, ...sums, weight(demand.totals.weight_g), rupiah(demand.totals.value)]}
    />
  );
}
