import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { useAct } from "../../../api/acting";
import { send } from "../../../api/client";
import { useNames, useRegister } from "../../../api/names";
import { useRead } from "../../../api/reading";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { Button, LinkButton } from "../../../parts/button";
import { SelectField } from "../../../parts/field";
import { Page } from "../../../parts/page";
import { ProblemNote, Shown } from "../../../parts/states";
import { count } from "../../../words/formats";
import { officeCatalogWords } from "../../../words/office-catalog";
import { CatalogNav } from "./nav";

type Source = Schemas["SourceState"];

export function Sources() {
  const words = officeCatalogWords().sources;
  return (
    <Page title={words.title}>
      <CatalogNav />
      {Object.entries(words.names).map(([source, name]) => (
        <OneSource key={source} source={source} name={name} />
      ))}
    </Page>
  );
}

function OneSource({ source, name }: { source: string; name: string }) {
  const words = officeCatalogWords().sources;
  const { route } = useLocation();
  const cooperative = useNames("/v1/cooperatives");
  const reading = useRead("/v1/catalog/sources/{source}", { path: { source }, every: 30_000 });
  const [start, starting] = useAct(async (key) => {
    const run = await send("post", "/v1/catalog/syncs", { body: { source }, key });
    route(`/kantor/katalog/sinkronisasi/${run.id}`);
  });
  return (
    <article class="card stack tight">
      <h2>{name}</h2>
      <Shown reading={reading} rows={1}>
        {(state) => (
          <>
            <p>
              {words.owner}: {state.cooperative_id ? cooperative(state.cooperative_id) : words.noOwner}
              {!state.latest && <span class="soft"> · {words.never}</span>}
              {state.waiting.length > 0 && <span class="soft"> · {words.waiting(count(state.waiting.length))}</span>}
            </p>
            <div class="row">
              {state.latest && (
                <LinkButton kind="secondary" href={`/kantor/katalog/sinkronisasi/${state.latest}`}>
                  {words.see}
                </LinkButton>
              )}
              <Button kind="secondary" aria-label={`${words.start}: ${name}`} busy={starting.busy} onClick={() => void start()}>
                {words.start}
              </Button>
              <Configure state={state} name={name} again={reading.again} />
            </div>
          </>
        )}
      </Shown>
      <ProblemNote problem={starting.problem} />
    </article>
  );
}

function Configure({ state, name, again }: { state: Source; name: string; again: () => Promise<void> }) {
  const words = officeCatalogWords().sources;
  const cooperatives = useRegister("/v1/cooperatives").value ?? [];
  const [chosen, setChosen] = useState(state.cooperative_id ?? "");
  return (
    <AskFirst
      label={words.configure}
      about={name}
      title={`${words.configure}: ${name}`}
      yes={words.save}
      ready={Boolean(chosen)}
      intent={chosen}
      act={async (key) => {
        const body = { cooperative_id: chosen, columns: state.columns };
        await send("put", "/v1/catalog/sources/{source}", { path: { source: state.source }, body, key });
        await again();
      }}
    >
      <SelectField
        label={words.owner}
        hint={words.configureWhy}
        value={chosen}
        onValue={setChosen}
        options={[{ value: "", label: words.noOwner }, ...cooperatives.map(({ id, name: label }) => ({ value: id, label }))]}
      />
    </AskFirst>
  );
}
