/** Quotas held against what orders hold, recounted when asked for. */
import { useRead } from "../../../api/reading";
import type { Wave } from "../../../api/types";
import { Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { count, packName } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";

export function Stock({ wave }: { wave: Wave }) {
  const words = officeWaveWords();
  const reading = useRead("/v1/waves/{wave_id}/stock", { path: { wave_id: wave.id } });
  const nameOf = new Map(wave.offers.map((offer) => [offer.id, packName(offer.name, offer.weight_g)]));
  const many = (packs: number | null) => (packs === null ? words.page.unlimited : count(packs));
  return (
    <section class="stack tight">
      <Shown reading={reading}>
        {({ items }) => (
          <Table
            caption={words.allocation.stock}
            rows={items}
            rowKey={(line) => line.offer_id}
            columns={[
              { title: words.allocation.product, cell: (line) => nameOf.get(line.offer_id) ?? line.offer_id },
              { title: words.page.quota, cell: (line) => many(line.quota), number: true },
              { title: words.allocation.available, cell: (line) => many(line.available), number: true },
              { title: words.allocation.held, cell: (line) => count(line.in_live_orders), number: true },
              { title: words.allocation.difference, cell: (line) => count(line.difference), number: true },
            ]}
          />
        )}
      </Shown>
      <p class="soft small">{words.allocation.stockWhy}</p>
    </section>
  );
}
