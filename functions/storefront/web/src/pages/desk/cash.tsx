/** The cash in the hands of a person in charge, and the slips by which it goes to the programme office. */
import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { forgetReads, useRead } from "../../api/reading";
import type { Schemas } from "../../api/types";
import { Button } from "../../parts/button";
import { ChoiceField, TextField } from "../../parts/field";
import { Page } from "../../parts/page";
import { Badge, Empty, Notice, ProblemNote, Shown } from "../../parts/states";
import { Table } from "../../parts/table";
import { deskWords } from "../../words/desk";
import { moment, rupiah } from "../../words/formats";
import { waiting } from "./outbox";

type Slip = Schemas["RemittanceView"];

export function Cash() {
  const words = deskWords();
  const { dropoff_id = "" } = useRoute().params;
  const cash = useRead("/v1/dropoffs/{dropoff_id}/cash", { path: { dropoff_id }, keep: true });
  const slips = useRead("/v1/dropoffs/{dropoff_id}/remittances", { path: { dropoff_id }, query: { limit: 50 }, keep: true });
  const again = async () => {
    await Promise.all([cash.again(), slips.again()]);
  };
  return (
    <Page title={words.cash.title} back={{ href: "/loket", label: words.toStart }}>
      <Shown reading={cash} rows={1}>
        {(till) => (
          <>
            <OnHand till={till} notTold={cashKept(dropoff_id)} />
            <Remit dropoffId={dropoff_id} onHand={till.on_hand} onDone={again} />
          </>
        )}
      </Shown>
      <section class="stack tight">
        <h2>{words.cash.slips}</h2>
        <Shown reading={slips} rows={1}>
          {({ items }) => (items.length ? <Slips slips={items} /> : <Empty title={words.cash.noSlips} />)}
        </Shown>
      </section>
    </Page>
  );
}

/** Taken here and not uploaded yet. */
function cashKept(dropoffId: string): number {
  return waiting.value
    .filter((entry) => entry.dropoff_id === dropoffId)
    .reduce((sum, { act }) => sum + (act.kind === "cash" ? act.amount : act.kind === "order" && act.receipt_number ? act.goods : 0), 0);
}

function OnHand({ till, notTold }: { till: Schemas["CashView"]; notTold: number }) {
  const words = deskWords().cash;
  const full = till.limit !== null && till.on_hand + notTold >= till.limit * 0.8;
  return (
    <section class="card stack tight">
      <h2>{words.onHand}</h2>
      <span class="amount number">{rupiah(till.on_hand + notTold)}</span>
      {notTold > 0 && <span>{words.notTold(rupiah(notTold))}</span>}
      {full && <Notice tone="warn">{words.full(rupiah(till.limit ?? 0))}</Notice>}
      <dl class="facts">
        <dt>{words.received}</dt>
        <dd class="number">{rupiah(till.receipts_total)}</dd>
        <dt>{words.remitted}</dt>
        <dd class="number">{rupiah(till.remitted_total)}</dd>
        <dt>{words.limit}</dt>
        <dd class="number">{till.limit === null ? words.noLimit : rupiah(till.limit)}</dd>
      </dl>
    </section>
  );
}

function Remit({ dropoffId, onHand, onDone }: { dropoffId: string; onHand: number; onDone: () => Promise<void> }) {
  const words = deskWords().cash;
  const [typed, setTyped] = useState("");
  const [method, setMethod] = useState<"cash" | "transfer">("cash");
  const [made, setMade] = useState<Slip>();
  const amount = Number(typed.replace(/\D/g, ""));
  const [remit, remitting] = useAct(async (key) => {
    const body = { amount, method };
    setMade(await send("post", "/v1/dropoffs/{dropoff_id}/remittances", { path: { dropoff_id: dropoffId }, body, key }));
    forgetReads("/v1/dropoffs");
    setTyped("");
    await onDone();
  });
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (amount > 0) void remit();
      }}
    >
      <h2>{words.remit}</h2>
      <TextField label={words.amount} hint={words.amountHint(rupiah(onHand))} inputMode="numeric" autocomplete="off" value={typed} onValue={setTyped} fault={remitting.problem?.fault("/amount")} />
      <ChoiceField
        label={words.method}
        value={method}
        onValue={setMethod}
        options={[
          { value: "cash", label: words.methods.cash },
          { value: "transfer", label: words.methods.transfer },
        ]}
      />
      <ProblemNote problem={remitting.problem} />
      <div role="status">{made && <Notice tone="good">{words.slipMade(rupiah(made.amount), made.id)}</Notice>}</div>
      <div>
        <Button type="submit" busy={remitting.busy} disabled={!(amount > 0)}>
          {words.makeSlip}
        </Button>
      </div>
    </form>
  );
}

function Slips({ slips }: { slips: readonly Slip[] }) {
  const words = deskWords().cash;
  return (
    <Table
      caption={words.slips}
      rows={slips}
      rowKey={(slip) => slip.id}
      columns={[
        { title: words.when, cell: (slip) => moment(slip.handed_at) },
        { title: words.amount, cell: (slip) => rupiah(slip.amount), number: true },
        { title: words.slipNo, cell: (slip) => slip.id },
        { title: words.state, cell: (slip) => <SlipState slip={slip} /> },
      ]}
    />
  );
}

function SlipState({ slip }: { slip: Slip }) {
  const words = deskWords().cash;
  if (slip.counted === null) return <Badge tone="warn">{words.notAccepted}</Badge>;
  if (slip.shortage > 0) return <Badge tone="bad">{words.short(rupiah(slip.shortage))}</Badge>;
  return <Badge tone="good">{words.accepted}</Badge>;
}
