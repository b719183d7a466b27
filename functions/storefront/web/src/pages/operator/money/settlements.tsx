import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { useList } from "../../../api/list";
import { useRead } from "../../../api/reading";
import type { Cooperative, Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { TextField } from "../../../parts/field";
import { Page } from "../../../parts/page";
import { SettlementCard } from "../../../parts/settlement-card";
import { Empty, Shown } from "../../../parts/states";
import { rupiah } from "../../../words/formats";
import { officeMoneyWords } from "../../../words/office-money";
import { MoneyNav } from "./nav";

export function Settlements() {
  const words = officeMoneyWords().settlements;
  const list = useList("/v1/cooperatives", {});
  return (
    <Page title={words.title}>
      <MoneyNav />
      <Shown reading={list}>
        {(items) => (items.length === 0 ? <Empty title={words.none} /> : items.map((cooperative) => <Of key={cooperative.id} cooperative={cooperative} />))}
      </Shown>
    </Page>
  );
}

function Of({ cooperative }: { cooperative: Cooperative }) {
  const words = officeMoneyWords().settlements;
  const list = useList("/v1/cooperatives/{cooperative_id}/settlements", { path: { cooperative_id: cooperative.id } });
  return (
    <section class="stack">
      <h2>{cooperative.name}</h2>
      <Shown reading={list} rows={1}>
        {(items) =>
          items.length === 0 ? (
            <p class="soft">{words.nothing}</p>
          ) : (
            items.map((one) => (
              <SettlementCard key={`${one.id}${one.paid}`} settlement={one}>
                {one.outstanding > 0 && <PayOut settlement={one} again={list.again} />}
              </SettlementCard>
            ))
          )
        }
      </Shown>
    </section>
  );
}

function PayOut({ settlement, again }: { settlement: Schemas["SettlementView"]; again: () => Promise<void> }) {
  const words = officeMoneyWords().settlements;
  const account = useRead("/v1/cooperatives/{cooperative_id}/account", { path: { cooperative_id: settlement.cooperative_id } });
  const [reference, setReference] = useState("");
  const bank = account.value?.bank ?? {};
  const where = `${(bank["bank"] ?? "").toUpperCase()} ${bank["account_number"] ?? ""}, ${bank["account_name"] ?? ""}`;
  return (
    <AskFirst
      label={words.pay}
      kind="primary"
      title={words.pay}
      yes={words.yes}
      ready={Boolean(reference.trim())}
      intent={reference}
      act={async (key) => {
        await send("post", "/v1/settlements/{settlement_id}/payouts", { path: { settlement_id: settlement.id }, body: { reference: reference.trim() }, key });
        await again();
      }}
    >
      <p>{words.payWhy(rupiah(settlement.outstanding), where)}</p>
      <TextField label={words.reference} value={reference} maxLength={64} required onValue={setReference} />
    </AskFirst>
  );
}
