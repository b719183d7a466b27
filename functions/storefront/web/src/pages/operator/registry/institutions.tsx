import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { useList } from "../../../api/list";
import { forgetReads } from "../../../api/reading";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { SelectField, TextField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { officeRegistryWords } from "../../../words/office-registry";
import { inWord } from "../../../words/states";
import { RegistryNav } from "./nav";

type Kind = Schemas["InstitutionRequest"]["kind"];

export function Institutions() {
  const words = officeRegistryWords().institutions;
  const list = useList("/v1/institutions", {});
  return (
    <Page title={words.title} aside={<Add again={list.again} />}>
      <RegistryNav />
      <Shown reading={list}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <Table
              caption={words.title}
              rows={items}
              rowKey={(one) => one.id}
              columns={[
                { title: words.name, cell: (one) => one.name },
                { title: words.code, cell: (one) => one.code },
                { title: words.kind, cell: (one) => inWord(words.kinds, one.kind) },
              ]}
            />
          )
        }
      </Shown>
      <More list={list} />
    </Page>
  );
}

function Add({ again }: { again: () => Promise<void> }) {
  const words = officeRegistryWords().institutions;
  const [body, setBody] = useState<Schemas["InstitutionRequest"]>({ code: "", name: "", kind: "ministry" });
  return (
    <AskFirst
      label={words.add}
      kind="primary"
      title={words.add}
      yes={words.add}
      ready={Boolean(body.code.trim() && body.name.trim())}
      intent={body}
      act={async (key) => {
        await send("post", "/v1/institutions", { body, key });
        forgetReads("/v1/institutions");
        setBody({ code: "", name: "", kind: "ministry" });
        await again();
      }}
    >
      <TextField label={words.code} value={body.code} maxLength={50} required onValue={(code) => setBody({ ...body, code })} />
      <TextField label={words.name} value={body.name} maxLength={200} required onValue={(name) => setBody({ ...body, name })} />
      <SelectField
        label={words.kind}
        value={body.kind}
        onValue={(kind) => setBody({ ...body, kind: kind as Kind })}
        options={Object.entries(words.kinds).map(([value, label]) => ({ value, label }))}
      />
    </AskFirst>
  );
}
