/** A run of a source: how far it is, what it changes, and whether it waits for a person. */
import { useRoute } from "preact-iso";
import { send } from "../../../api/client";
import { useRead } from "../../../api/reading";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { Figures } from "../../../parts/figures";
import { Page } from "../../../parts/page";
import { Progress } from "../../../parts/progress";
import { Badge, Empty, Notice, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { count, moment } from "../../../words/formats";
import { officeCatalogWords } from "../../../words/office-catalog";
import { inWord } from "../../../words/states";

type Sync = Schemas["SyncView"];
const UNDER_WAY = ["running", "waiting"];
const QUICK = 2_000;

export function Run() {
  const { sync_id = "" } = useRoute().params;
  const { run: words, sources } = officeCatalogWords();
  const reading = useRead("/v1/catalog/syncs/{sync_id}", {
    path: { sync_id },
    query: { limit: 100 },
    every: (run) => (run && !UNDER_WAY.includes(run.status) ? 0 : QUICK),
  });
  const run = reading.value;
  return (
    <Page
      title={words.title(run ? inWord(sources.names, run.source) : "")}
      back={{ href: "/kantor/katalog/sinkronisasi", label: words.back }}
      aside={<span role="status">{run && <Badge tone={run.status === "completed" ? "good" : "warn"}>{inWord(words.states, run.status)}</Badge>}</span>}
    >
      <Shown reading={reading}>{(value) => <Whole run={value} again={reading.again} />}</Shown>
    </Page>
  );
}

function Whole({ run, again }: { run: Sync; again: () => Promise<void> }) {
  const words = officeCatalogWords().run;
  return (
    <>
      {UNDER_WAY.includes(run.status) && (
        <Progress label={words.progress(count(run.seen), run.total === null ? "…" : count(run.total))} done={run.seen} {...(run.total ? { of: run.total } : {})} />
      )}
      {run.failure && <Notice tone="bad">{run.failure}</Notice>}
      {run.status === "held" && <Held run={run} again={again} />}
      <Figures
        of={(["seen", "created", "updated", "unchanged", "withdrawn", "quarantined", "held"] as const).map((name) => ({
          label: words[name],
          value: count(run[name]),
        }))}
      />
      <p class="soft small">
        {words.started} {moment(run.started_at)}
        {run.finished_at && ` · ${words.finished} ${moment(run.finished_at)}`}
      </p>
      <Changes run={run} />
    </>
  );
}

function Held({ run, again }: { run: Sync; again: () => Promise<void> }) {
  const words = officeCatalogWords().run;
  const decide = (approve: boolean) => async (key: string) => {
    await send("post", "/v1/catalog/syncs/{sync_id}/approval", { path: { sync_id: run.id }, body: { approve }, key });
    await again();
  };
  return (
    <>
      <Notice tone="warn">
        <strong>{words.heldWhy}</strong>
        <span>{run.held_reason}</span>
      </Notice>
      <div class="row">
        <AskFirst label={words.approve} kind="primary" title={words.approveTitle} yes={words.approve} act={decide(true)}>
          <p>{words.approveWhy}</p>
        </AskFirst>
        <AskFirst label={words.reject} kind="danger" title={words.rejectTitle} yes={words.reject} act={decide(false)}>
          <p>{words.rejectWhy}</p>
        </AskFirst>
      </div>
    </>
  );
}

function Changes({ run }: { run: Sync }) {
  const words = officeCatalogWords().run;
  if (run.changes.items.length === 0) return <Empty title={words.noChanges} />;
  return (
    <Table
      caption={words.changes}
      rows={run.changes.items}
      rowKey={(change) => `${change.product_id}${change.sku}${change.field}`}
      columns={[
        { title: words.sku, cell: (change) => change.sku ?? change.product_id },
        { title: words.field, cell: (change) => change.field },
        { title: words.before, cell: (change) => shown(change.before) },
        { title: words.after, cell: (change) => shown(change.after) },
        { title: words.held, cell: (change) => change.held && <Badge tone="warn">{words.isHeld}</Badge> },
      ]}
    />
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
