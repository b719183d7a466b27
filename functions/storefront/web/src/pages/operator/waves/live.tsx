/** How ordering goes on, refreshed by itself: what is ordered, how much of it is paid, from whom and for where. */
import { useEffect } from "preact/hooks";
import { useRead } from "../../../api/reading";
import { serverNow } from "../../../api/server-time";
import type { Schemas, Wave } from "../../../api/types";
import { useKept } from "../../../app/keeping";
import { Bars, Columns } from "../../../parts/chart";
import { Figures } from "../../../parts/figures";
import { Empty, Shown } from "../../../parts/states";
import { clock, count, percent, rupiah, weight } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";
import { perMinute, type Sample, sampled } from "./pace";

type Report = Schemas["ReportView"];
const EVERY = 15_000;

export function Live({ wave }: { wave: Wave }) {
  const words = officeWaveWords().live;
  const path = { wave_id: wave.id };
  const open = wave.state === "open";
  const every = open ? { every: EVERY } : {};
  const report = useRead("/v1/waves/{wave_id}/report", { path, ...every });
  const stock = useRead("/v1/waves/{wave_id}/stock", { path, ...every });
  return (
    <section class="stack">
      <h2>{open ? words.title : words.figures}</h2>
      <Shown reading={report}>
        {(told) => (
          <>
            <Sums wave={wave} report={told as unknown as Report} stock={stock.value} />
            {open && <Pace wave={wave} orders={(told as unknown as Report).totals.orders} />}
            <Groups report={told as unknown as Report} />
          </>
        )}
      </Shown>
    </section>
  );
}

function Sums({ wave, report, stock }: { wave: Wave; report: Report; stock: Schemas["StockView"] | undefined }) {
  const words = officeWaveWords().live;
  const weights = new Map(wave.offers.map((offer) => [offer.id, offer.weight_g]));
  const held = stock?.items.reduce((sum, line) => sum + line.in_live_orders, 0);
  const grams = stock?.items.reduce((sum, line) => sum + line.in_live_orders * (weights.get(line.offer_id) ?? 0), 0);
  return (
    <Figures
      of={[
        { label: words.orders, value: count(report.totals.orders) },
        { label: words.weight, value: grams === undefined ? "…" : weight(grams) },
        { label: words.packs, value: held === undefined ? "…" : count(held) },
        { label: words.paidShare, value: held ? percent(Math.min(1, report.totals.packs / held)) : "–" },
        { label: words.value, value: rupiah(report.totals.goods_value) },
      ]}
    />
  );
}

function Pace({ wave, orders }: { wave: Wave; orders: number }) {
  const words = officeWaveWords().live;
  const samples = useKept<Sample[]>(`pace.${wave.id}`, []);
  const now = serverNow();
  useEffect(() => {
    samples.value = sampled(samples.value, { at: now, orders });
  }, [orders, Math.floor(now / 60_000)]);
  const values = perMinute(samples.value, now);
  const said = words.perMinuteSaid(count(values.at(-1) ?? 0), count(Math.max(0, ...values)));
  const first = samples.value[0]?.at ?? now;
  return (
    <>
      <Columns
        title={words.perMinute}
        said={said}
        values={values}
        first={words.since(clock(new Date(Math.max(first, now - values.length * 60_000)).toISOString(), wave.time_zone))}
        last={words.now}
      />
      <p class="soft small">
        {said}. {words.refreshed(clock(new Date(now).toISOString(), wave.time_zone))}
      </p>
    </>
  );
}

function Groups({ report }: { report: Report }) {
  const words = officeWaveWords().live;
  if (report.totals.orders === 0) return <Empty title={words.noOrders} />;
  const bars = (groups: Report["by_dropoff"]) =>
    groups.map((group) => ({ name: group.name ?? words.unknownInstitution, value: group.weight_g, part: group.weight_g, shown: weight(group.weight_g) }));
  return (
    <div class="cards">
      <Bars title={words.byInstitution} bars={bars(report.by_institution)} />
      <Bars title={words.byDropoff} bars={bars(report.by_dropoff)} />
    </div>
  );
}
