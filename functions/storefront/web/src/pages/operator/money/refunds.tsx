import { useState } from "preact/hooks";
import { useList } from "../../../api/list";
import { SelectField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Badge, Empty, Shown, type Tone } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { moment, rupiah } from "../../../words/formats";
import { officeMoneyWords } from "../../../words/office-money";
import { officeWaveWords } from "../../../words/office-waves";
import { inWord } from "../../../words/states";
import { MoneyNav } from "./nav";

const STATES = ["decided", "requested", "failed", "done"] as const;
const TONES: Record<string, Tone> = { decided: "warn", requested: "note", failed: "bad", done: "good" };

export function RefundState({ status }: { status: string }) {
  return <Badge tone={TONES[status] ?? "note"}>{inWord(officeMoneyWords().refundStates, status)}</Badge>;
}

export function Refunds() {
  const { refunds: words, refundStates } = officeMoneyWords();
  const [status, setStatus] = useState("");
  const list = useList("/v1/refunds", { query: status ? { status } : {} });
  return (
    <Page title={words.title}>
      <MoneyNav />
      <SelectField
        label={words.status}
        value={status}
        onValue={setStatus}
        options={[{ value: "", label: words.all }, ...STATES.map((value) => ({ value, label: refundStates[value] }))]}
      />
      <Shown reading={list}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <Table
              caption={words.title}
              rows={items}
              rowKey={(refund) => refund.id}
              columns={[
                { title: words.amount, cell: (refund) => <a href={`/kantor/uang/pengembalian/${refund.id}`}>{rupiah(refund.amount)}</a> },
                { title: words.status, cell: (refund) => <RefundState status={refund.status} /> },
                { title: words.reason, cell: (refund) => refund.reason },
                { title: words.liable, cell: (refund) => inWord(officeWaveWords().liable, refund.liable) },
                { title: words.decided, cell: (refund) => moment(refund.decided_at) },
              ]}
            />
          )
        }
      </Shown>
      <More list={list} />
    </Page>
  );
}
