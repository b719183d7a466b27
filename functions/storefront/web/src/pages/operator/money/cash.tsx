import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { useList } from "../../../api/list";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { Figures } from "../../../parts/figures";
import { TextField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Badge, Empty, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { moment, rupiah } from "../../../words/formats";
import { officeMoneyWords } from "../../../words/office-money";
import { inWord } from "../../../words/states";
import { MoneyNav } from "./nav";

type Till = Schemas["TillView"];
type Remittance = Schemas["RemittanceView"];

export function Cash() {
  const words = officeMoneyWords().cash;
  const list = useList("/v1/cash", {});
  return (
    <Page title={words.title}>
      <MoneyNav />
      <Shown reading={list}>
        {(items) => (items.length === 0 ? <Empty title={words.none} /> : items.map((till) => <AtDropoff key={till.dropoff_id} till={till} again={list.again} />))}
      </Shown>
      <More list={list} />
    </Page>
  );
}

function AtDropoff({ till, again }: { till: Till; again: () => Promise<void> }) {
  const words = officeMoneyWords().cash;
  const list = useList("/v1/dropoffs/{dropoff_id}/remittances", { path: { dropoff_id: till.dropoff_id } });
  const after = async () => void (await Promise.all([list.again(), again()]));
  return (
    <section class="card stack tight">
      <h2>{till.name}</h2>
      <Figures
        of={[
          { label: till.limit === null ? words.onHand : `${words.onHand} (${words.limit} ${rupiah(till.limit)})`, value: rupiah(till.on_hand) },
          { label: words.announced, value: rupiah(till.announced) },
        ]}
      />
      <Shown reading={list} rows={1}>
        {(items) => (items.length === 0 ? <p class="soft">{words.noneHere}</p> : <Remittances items={items} about={till.name} after={after} />)}
      </Shown>
    </section>
  );
}

function Remittances({ items, about, after }: { items: readonly Remittance[]; about: string; after: () => Promise<void> }) {
  const words = officeMoneyWords().cash;
  return (
    <Table
      caption={`${words.remittances}: ${about}`}
      rows={items}
      rowKey={(one) => one.id}
      columns={[
        { title: words.by, cell: (one) => moment(one.handed_at) },
        { title: words.amount, cell: (one) => rupiah(one.amount), number: true },
        { title: words.counted, cell: (one) => (one.counted === null ? "–" : rupiah(one.counted)), number: true },
        { title: words.short, cell: (one) => (one.shortage ? rupiah(one.shortage) : "–"), number: true },
        { title: words.state, cell: (one) => <Badge tone={one.status === "accepted" ? "good" : "warn"}>{inWord(words.states, one.status)}</Badge> },
        { title: words.accept, cell: (one) => one.status === "pending" && <Accept remittance={one} about={about} after={after} /> },
      ]}
    />
  );
}

function Accept({ remittance, about, after }: { remittance: Remittance; about: string; after: () => Promise<void> }) {
  const words = officeMoneyWords().cash;
  const [counted, setCounted] = useState(String(remittance.amount));
  return (
    <AskFirst
      label={words.accept}
      about={`${about} ${rupiah(remittance.amount)}`}
      kind="primary"
      title={words.acceptTitle}
      yes={words.accept}
      ready={/^\d+$/.test(counted)}
      intent={counted}
      act={async (key) => {
        await send("post", "/v1/remittances/{remittance_id}/acceptance", { path: { remittance_id: remittance.id }, body: { counted: Number(counted) }, key });
        await after();
      }}
    >
      <p>{words.acceptWhy}</p>
      <TextField label={words.countedField} inputMode="numeric" value={counted} onValue={setCounted} />
    </AskFirst>
  );
}
