import { useRoute } from "preact-iso";
import { url } from "../../../api/client";
import { useRead } from "../../../api/reading";
import type { Schemas } from "../../../api/types";
import { Bars } from "../../../parts/chart";
import { CSV, Download } from "../../../parts/download";
import { Figures } from "../../../parts/figures";
import { Page } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { count, rupiah, weight } from "../../../words/formats";
import { officeWords } from "../../../words/office";
import { officeWaveWords } from "../../../words/office-waves";
import { inWord, stateWords } from "../../../words/states";

type Report = Schemas["ReportView"];
type Group = Schemas["GroupView"];
const GROUPS = ["by_institution", "by_dropoff", "by_cooperative", "by_product"] as const;

export function WaveReport() {
  const { wave_id = "" } = useRoute().params;
  const { report: words } = officeWaveWords();
  const reading = useRead("/v1/waves/{wave_id}/report", { path: { wave_id } });
  const report = reading.value as unknown as Report | undefined;
  const address = url("/v1/waves/{wave_id}/report", { path: { wave_id } });
  return (
    <Page
      title={words.title(report?.name ?? "")}
      back={{ href: `/kantor/gelombang/${wave_id}`, label: words.back }}
      aside={
        <Download address={address} accept={CSV} name={`${words.title(report?.name ?? "")}.csv`}>
          {officeWords().csv}
        </Download>
      }
    >
      <Shown reading={reading}>{() => <Whole report={report!} />}</Shown>
    </Page>
  );
}

function Whole({ report }: { report: Report }) {
  const words = officeWaveWords().report;
  const { totals } = report;
  return (
    <>
      <Figures
        of={[
          { label: words.orders, value: count(totals.orders) },
          { label: words.weight, value: weight(totals.weight_g) },
          { label: words.handedOver, value: weight(totals.handed_over.weight_g) },
          { label: words.value, value: rupiah(totals.goods_value) },
          { label: words.fees, value: rupiah(totals.courier_fees) },
          { label: words.refunded, value: rupiah(totals.refunded) },
        ]}
      />
      {GROUPS.map((group) => (
        <GroupSection key={group} title={words.groups[group]} groups={report[group]} />
      ))}
      <Payments report={report} />
      {report.settlement.length > 0 && <Owed report={report} />}
    </>
  );
}

function GroupSection({ title, groups }: { title: string; groups: readonly Group[] }) {
  const words = officeWaveWords();
  const called = (group: Group) => group.name ?? words.live.unknownInstitution;
  if (groups.length === 0) return null;
  return (
    <section class="stack">
      <h2>{title}</h2>
      <Bars
        title={`${words.report.weight}. ${words.report.note}`}
        bars={groups.map((group) => ({
          name: called(group),
          value: group.weight_g,
          part: group.handed_over.weight_g,
          shown: weight(group.weight_g),
        }))}
      />
      <Table
        caption={title}
        rows={groups}
        rowKey={(group) => group.id ?? ""}
        columns={[
          { title: words.report.name, cell: called },
          { title: words.report.orders, cell: (group) => count(group.orders), number: true },
          { title: words.report.packs, cell: (group) => count(group.packs), number: true },
          { title: words.report.weight, cell: (group) => weight(group.weight_g), number: true },
          { title: words.report.value, cell: (group) => rupiah(group.goods_value), number: true },
          { title: words.report.fees, cell: (group) => rupiah(group.courier_fees), number: true },
          { title: words.report.refunded, cell: (group) => rupiah(group.refunded), number: true },
          { title: words.report.handedOver, cell: (group) => weight(group.handed_over.weight_g), number: true },
        ]}
      />
    </section>
  );
}

function Payments({ report }: { report: Report }) {
  const words = officeWaveWords().report;
  const methods = Object.entries(report.payments_by_method);
  if (methods.length === 0) return null;
  return (
    <section class="stack">
      <h2>{words.payments}</h2>
      <Bars
        title={words.amount}
        bars={methods.map(([method, amount]) => ({ name: inWord(words.methods, method), value: amount, part: amount, shown: rupiah(amount) }))}
      />
    </section>
  );
}

function Owed({ report }: { report: Report }) {
  const words = officeWaveWords().report;
  const nameOf = new Map(report.by_cooperative.map((group) => [group.id, group.name]));
  return (
    <Table
      caption={words.settlements}
      rows={report.settlement}
      rowKey={(owed) => owed.id}
      columns={[
        { title: words.name, cell: (owed) => nameOf.get(owed.cooperative_id) ?? owed.cooperative_id },
        { title: words.weight, cell: (owed) => weight(owed.received.weight_g), number: true },
        { title: words.amount, cell: (owed) => rupiah(owed.amount), number: true },
        { title: stateWords().settlement.paid, cell: (owed) => rupiah(owed.paid), number: true },
        { title: words.state, cell: (owed) => inWord(stateWords().settlement, owed.status) },
      ]}
    />
  );
}
