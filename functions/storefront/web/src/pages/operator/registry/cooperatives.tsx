import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { useList } from "../../../api/list";
import { forgetReads } from "../../../api/reading";
import { AskFirst } from "../../../parts/ask-first";
import { TextField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { officeRegistryWords } from "../../../words/office-registry";
import { RegistryNav } from "./nav";

const NOTHING = { name: "", regency: "", people: "", bank: "", number: "", holder: "" };

export function Cooperatives() {
  const words = officeRegistryWords().cooperatives;
  const list = useList("/v1/cooperatives", {});
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
                { title: words.regency, cell: (one) => one.regency },
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
  const words = officeRegistryWords().cooperatives;
  const [told, setTold] = useState(NOTHING);
  const fields = ["name", "regency", "people", "bank", "number", "holder"] as const;
  return (
    <AskFirst
      label={words.add}
      kind="primary"
      title={words.add}
      yes={words.add}
      ready={fields.every((field) => told[field].trim())}
      intent={told}
      act={async (key) => {
        const body = {
          name: told.name,
          regency: told.regency,
          operator_ids: told.people.split(",").map((id) => id.trim()).filter(Boolean),
          bank: { bank: told.bank, account_number: told.number, account_name: told.holder },
        };
        await send("post", "/v1/cooperatives", { body, key });
        forgetReads("/v1/cooperatives");
        setTold(NOTHING);
        await again();
      }}
    >
      {fields.map((field) => (
        <TextField key={field} label={words[field]} value={told[field]} maxLength={200} required onValue={(value) => setTold({ ...told, [field]: value })} />
      ))}
    </AskFirst>
  );
}
