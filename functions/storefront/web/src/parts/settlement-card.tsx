/** What a cooperative is owed for a wave, why, and what it has been paid; for the cooperative and for the office. */
import type { ComponentChildren } from "preact";
import { url } from "../api/client";
import { useRead } from "../api/reading";
import type { Schemas } from "../api/types";
import { cooperativeWords } from "../words/cooperative";
import { count, moment, rupiah } from "../words/formats";
import { inWord, stateWords } from "../words/states";
import { CSV, Download, PRINT } from "./download";
import { Badge, Shown } from "./states";
import { Table } from "./table";

type Settlement = Schemas["SettlementView"];
const TONES = { owed: "warn", partially_paid: "note", paid: "good" } as const;

export function SettlementCard({ settlement, children }: { settlement: Settlement; children?: ComponentChildren }) {
  const words = cooperativeWords().money;
  const path = { settlement_id: settlement.id };
  const reading = useRead("/v1/settlements/{settlement_id}/statement", { path });
  const address = url("/v1/settlements/{settlement_id}/statement", { path });
  const name = `${words.title} ${reading.value?.wave_name ?? ""}`;
  return (
    <article class="card stack">
      <div class="row apart">
        <h3>{reading.value ? `${reading.value.wave_name} · ${reading.value.cooperative_name}` : words.wave}</h3>
        <Badge tone={TONES[settlement.status as keyof typeof TONES] ?? "note"}>{inWord(stateWords().settlement, settlement.status)}</Badge>
      </div>
      <Reckoning settlement={settlement} />
      <Shown reading={reading} rows={1}>
        {({ payouts }) => (payouts.length > 0 ? <Payouts payouts={payouts} /> : null)}
      </Shown>
      <div class="row">
        {children}
        <Download address={address} accept={PRINT} name={`${name}.html`}>
          {words.statement}
        </Download>
        <Download address={address} accept={CSV} name={`${name}.csv`}>
          {words.statementCsv}
        </Download>
      </div>
    </article>
  );
}

function Reckoning({ settlement }: { settlement: Settlement }) {
  const words = cooperativeWords().money;
  const { refunds, programme_fee, carried_in } = settlement.deducted;
  const lines: [string, number][] = [
    [words.goods, settlement.goods_value],
    [words.refunds, -refunds],
    [words.fee, -programme_fee],
    [words.carried, -carried_in],
    [words.amount, settlement.amount],
    [words.paid, settlement.paid],
    [words.outstanding, settlement.outstanding],
  ];
  return (
    <>
      <dl class="facts">
        {lines.map(([label, amount]) => (
          <>
            <dt>{label}</dt>
            <dd class="number">{rupiah(amount)}</dd>
          </>
        ))}
      </dl>
      {settlement.days_to_pay !== null && <p class="soft small">{words.days(count(settlement.days_to_pay))}</p>}
    </>
  );
}

function Payouts({ payouts }: { payouts: readonly Schemas["PayoutView"][] }) {
  const words = cooperativeWords();
  return (
    <Table
      caption={words.money.payouts}
      rows={payouts}
      rowKey={(payout) => payout.id}
      columns={[
        { title: words.product.at, cell: (payout) => moment(payout.paid_at) },
        { title: words.money.paid, cell: (payout) => rupiah(payout.amount), number: true },
        { title: words.money.reference, cell: (payout) => payout.reference ?? "–" },
      ]}
    />
  );
}
