/** How supply was shared out, and the office's corrections of it. */
import { useRead } from "../../../api/reading";
import type { Schemas, Wave } from "../../../api/types";
import { Figures } from "../../../parts/figures";
import { Notice, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { count, moment, rupiah } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";
import { inWord } from "../../../words/states";
import { Correct } from "./correct";

type Allocated = Schemas["AllocationView"];

export function Allocation({ wave }: { wave: Wave }) {
  const words = officeWaveWords().allocation;
  const reading = useRead("/v1/waves/{wave_id}/allocation", { path: { wave_id: wave.id } });
  return (
    <section class="stack">
      <h2>{words.title}</h2>
      {reading.problem?.code === "invalid_state" ? (
        <Notice>{words.before}</Notice>
      ) : (
        <Shown reading={reading}>
          {(allocated) => (
            <>
              <Outcome allocated={allocated} />
              <Corrections allocated={allocated} zone={wave.time_zone} />
              <p>
                <Correct wave={wave} again={reading.again} />
              </p>
            </>
          )}
        </Shown>
      )}
    </section>
  );
}

function Outcome({ allocated }: { allocated: Allocated }) {
  const words = officeWaveWords();
  const { full, short, none } = allocated.orders;
  return (
    <>
      <Figures
        of={[
          { label: words.allocation.full, value: count(full) },
          { label: words.allocation.short, value: count(short) },
          { label: words.allocation.zero, value: count(none) },
        ]}
      />
      <p>
        {words.form.policy}: {inWord(words.form.policies, allocated.policy)}
      </p>
      <Table
        caption={words.allocation.title}
        rows={allocated.offers}
        rowKey={(offer) => offer.offer_id}
        columns={[
          { title: words.allocation.product, cell: (offer) => offer.name },
          { title: words.allocation.demand, cell: (offer) => count(offer.demand), number: true },
          { title: words.allocation.supply, cell: (offer) => count(offer.supply), number: true },
          { title: words.allocation.granted, cell: (offer) => count(offer.granted), number: true },
          { title: words.allocation.left, cell: (offer) => count(offer.left_over), number: true },
        ]}
      />
    </>
  );
}

function Corrections({ allocated, zone }: { allocated: Allocated; zone: string }) {
  const words = officeWaveWords();
  if (allocated.corrections.length === 0) return <p class="soft">{words.allocation.noCorrections}</p>;
  return (
    <Table
      caption={words.allocation.corrections}
      rows={allocated.corrections}
      rowKey={(correction) => correction.id}
      columns={[
        { title: words.allocation.order, cell: (one) => <code class="small">{one.order_id}</code> },
        { title: words.allocation.change, cell: (one) => `${count(one.before)} → ${count(one.packs)}`, number: true },
        { title: words.report.refunded, cell: (one) => rupiah(one.amount), number: true },
        { title: words.allocation.liable, cell: (one) => inWord(words.liable, one.liable) },
        { title: words.allocation.reason, cell: (one) => one.reason },
        { title: words.allocation.at, cell: (one) => moment(one.at, zone) },
      ]}
    />
  );
}
