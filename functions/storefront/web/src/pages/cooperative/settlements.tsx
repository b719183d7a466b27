import { useList } from "../../api/list";
import type { Cooperative } from "../../api/types";
import { Page } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { SettlementCard } from "../../parts/settlement-card";
import { cooperativeWords } from "../../words/cooperative";
import { Own } from "./own";

export function Settlements() {
  const words = cooperativeWords().money;
  return (
    <Page title={words.title}>
      <Own>{(own) => own.map((cooperative) => <Of key={cooperative.id} cooperative={cooperative} />)}</Own>
    </Page>
  );
}

function Of({ cooperative }: { cooperative: Cooperative }) {
  const words = cooperativeWords().money;
  const reading = useList("/v1/cooperatives/{cooperative_id}/settlements", { path: { cooperative_id: cooperative.id } });
  return (
    <section class="stack">
      <h2>{cooperative.name}</h2>
      <Shown reading={reading}>
        {(items) => (items.length === 0 ? <Empty title={words.none}>{words.noneWhy}</Empty> : items.map((one) => <SettlementCard key={one.id} settlement={one} />))}
      </Shown>
    </section>
  );
}
