import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { useList } from "../../../api/list";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { CheckField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Badge, Empty, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { moment } from "../../../words/formats";
import { officeCatalogWords } from "../../../words/office-catalog";
import { inWord } from "../../../words/states";
import { CatalogNav } from "./nav";

type Row = Schemas["QuarantinedRow"];
const SHOWN = 300; // characters of a row

export function Quarantine() {
  const { quarantine: words, sources } = officeCatalogWords();
  const list = useList("/v1/catalog/quarantine", {});
  return (
    <Page title={words.title}>
      <CatalogNav />
      <p class="soft">{words.why}</p>
      <Shown reading={list}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.none} />
          ) : (
            <Table
              caption={words.title}
              rows={items}
              rowKey={(row) => `${row.sync_id}${row.position}`}
              columns={[
                { title: words.reason, cell: (row) => row.reason },
                { title: words.source, cell: (row) => <a href={`/kantor/katalog/sinkronisasi/${row.sync_id}`}>{inWord(sources.names, row.source)}</a> },
                { title: words.row, cell: (row) => <code class="small">{JSON.stringify(row.row).slice(0, SHOWN)}</code> },
                { title: words.at, cell: (row) => moment(row.at) },
                { title: words.retry, cell: (row) => (row.taken_at ? <Badge tone="good">{words.taken}</Badge> : <Again row={row} again={list.again} />) },
              ]}
            />
          )
        }
      </Shown>
      <More list={list} />
    </Page>
  );
}

function Again({ row, again }: { row: Row; again: () => Promise<void> }) {
  const words = officeCatalogWords().quarantine;
  const [believe, setBelieve] = useState(false);
  return (
    <AskFirst
      label={words.retry}
      about={`${row.position} ${row.reason}`}
      title={words.retry}
      yes={words.retry}
      intent={believe}
      act={async (key) => {
        const path = { sync_id: row.sync_id, position: row.position };
        await send("post", "/v1/catalog/syncs/{sync_id}/quarantine/{position}/retry", { path, body: { believe }, key });
        await again();
      }}
    >
      <p>{words.retryWhy}</p>
      <CheckField label={words.believe} value={believe} onValue={setBelieve} />
    </AskFirst>
  );
}
