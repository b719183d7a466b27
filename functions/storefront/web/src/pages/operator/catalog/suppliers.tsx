import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { useList } from "../../../api/list";
import { useRegister } from "../../../api/names";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { SelectField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { percent } from "../../../words/formats";
import { officeCatalogWords } from "../../../words/office-catalog";
import { inWord } from "../../../words/states";
import { CatalogNav } from "./nav";

type Supplier = Schemas["SupplierView"];

export function Suppliers() {
  const words = officeCatalogWords().suppliers;
  const [state, setState] = useState("open");
  const list = useList("/v1/catalog/suppliers", { query: { state } });
  return (
    <Page title={words.title}>
      <CatalogNav />
      <SelectField
        label={words.state}
        value={state}
        onValue={setState}
        options={[
          { value: "open", label: words.open },
          { value: "rejected", label: words.rejected },
        ]}
      />
      <Shown reading={list}>
        {(items) =>
          items.length === 0 ? <Empty title={words.none}>{words.noneWhy}</Empty> : items.map((one) => <Card key={one.id} supplier={one} again={list.again} />)
        }
      </Shown>
      <More list={list} />
    </Page>
  );
}

function Card({ supplier, again }: { supplier: Supplier; again: () => Promise<void> }) {
  const { suppliers: words, sources } = officeCatalogWords();
  return (
    <article class="card stack tight">
      <h2 dir="auto">{supplier.name}</h2>
      <p class="soft small">
        {[inWord(sources.names, supplier.source), supplier.code, supplier.nib && `NIB ${supplier.nib}`, supplier.npwp && `NPWP ${supplier.npwp}`].filter(Boolean).join(" · ")}
      </p>
      {supplier.proposals.length > 0 && (
        <ul>
          {supplier.proposals.map((proposal) => (
            <li key={proposal.cooperative.id}>
              {proposal.cooperative.name}, {proposal.cooperative.regency}: {words.likeness(percent(proposal.likeness / 100))}
            </li>
          ))}
        </ul>
      )}
      <p>
        <Decide supplier={supplier} again={again} />
      </p>
    </article>
  );
}

const NOT_OURS = "none";

function Decide({ supplier, again }: { supplier: Supplier; again: () => Promise<void> }) {
  const words = officeCatalogWords().suppliers;
  const cooperatives = useRegister("/v1/cooperatives").value ?? [];
  const [chosen, setChosen] = useState(supplier.proposals[0]?.cooperative.id ?? "");
  return (
    <AskFirst
      label={words.decide}
      about={supplier.name}
      kind="primary"
      title={supplier.name}
      yes={words.decide}
      ready={Boolean(chosen)}
      intent={chosen}
      act={async (key) => {
        const body = { cooperative_id: chosen === NOT_OURS ? null : chosen };
        await send("post", "/v1/catalog/suppliers/{supplier_id}/decision", { path: { supplier_id: supplier.id }, body, key });
        await again();
      }}
    >
      <SelectField
        label={words.is}
        value={chosen}
        onValue={setChosen}
        options={[
          { value: "", label: "…" },
          ...cooperatives.map(({ id, name }) => ({ value: id, label: name })),
          { value: NOT_OURS, label: words.notOurs },
        ]}
      />
    </AskFirst>
  );
}
