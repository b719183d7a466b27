import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { useList } from "../../../api/list";
import { useRead } from "../../../api/reading";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { TextField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Empty, Notice, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { moment, rupiah } from "../../../words/formats";
import { officeMoneyWords } from "../../../words/office-money";
import { MoneyNav } from "./nav";

type Finding = Schemas["PaymentsFindingView"];
type Line = Schemas["PaymentsLineView"];

export function Reconciliation() {
  const words = officeMoneyWords().reconciliation;
  const reading = useRead("/v1/reconciliation", {});
  const never = reading.problem?.code === "not_found";
  return (
    <Page title={words.title}>
      <MoneyNav />
      {never ? (
        <Notice>{words.never}</Notice>
      ) : (
        <Shown reading={reading}>
          {(told) => (
            <>
              <Notice tone={told.ok ? "good" : "bad"}>
                {told.ok ? words.ok : words.bad} {told.checked_at ? words.checked(moment(told.checked_at)) : words.never}
              </Notice>
              {told.findings.length > 0 && <Findings title={words.findings} items={told.findings} />}
              {told.open_items.length > 0 && <Findings title={words.items} items={told.open_items} />}
            </>
          )}
        </Shown>
      )}
      <Worklist />
    </Page>
  );
}

function Findings({ title, items }: { title: string; items: readonly Finding[] }) {
  const words = officeMoneyWords().reconciliation;
  return (
    <Table
      caption={title}
      rows={items}
      rowKey={(finding) => `${finding.check}${finding.subject}${finding.detail}`}
      columns={[
        { title: words.check, cell: (finding) => finding.check },
        { title: words.subject, cell: (finding) => <code class="small">{finding.subject}</code> },
        { title: words.detail, cell: (finding) => finding.detail },
      ]}
    />
  );
}

function Worklist() {
  const words = officeMoneyWords().reconciliation;
  const list = useList("/v1/reconciliation/worklist", {});
  return (
    <section class="stack tight">
      <h2>{words.worklist}</h2>
      <Shown reading={list}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.noLines} />
          ) : (
            <Table
              caption={words.worklist}
              rows={items}
              rowKey={(line) => line.id}
              columns={[
                { title: words.text, cell: (line) => `${line.text} ${line.reference}` },
                { title: words.amount, cell: (line) => rupiah(line.amount), number: true },
                { title: words.at, cell: (line) => moment(line.at) },
                { title: words.detail, cell: (line) => line.detail },
                { title: words.resolve, cell: (line) => <Resolve line={line} again={list.again} /> },
              ]}
            />
          )
        }
      </Shown>
      <More list={list} />
    </section>
  );
}

function Resolve({ line, again }: { line: Line; again: () => Promise<void> }) {
  const words = officeMoneyWords().reconciliation;
  const [reason, setReason] = useState("");
  return (
    <AskFirst
      label={words.resolve}
      about={line.text}
      title={words.resolve}
      yes={words.resolve}
      ready={Boolean(reason.trim())}
      intent={reason}
      act={async (key) => {
        await send("post", "/v1/reconciliation/worklist/{line_id}/resolution", { path: { line_id: line.id }, body: { reason: reason.trim() }, key });
        await again();
      }}
    >
      <p>{words.resolveWhy}</p>
      <TextField label={words.reason} lines={2} value={reason} maxLength={500} required onValue={setReason} />
    </AskFirst>
  );
}
