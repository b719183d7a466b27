import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { forgetReads, useRead } from "../../../api/reading";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { TextField } from "../../../parts/field";
import { Page } from "../../../parts/page";
import { Notice, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { moment, rupiah } from "../../../words/formats";
import { officeMoneyWords } from "../../../words/office-money";
import { officeWaveWords } from "../../../words/office-waves";
import { inWord } from "../../../words/states";
import { RefundState } from "./refunds";

type Refund = Schemas["RefundDetail"];

export function RefundPage() {
  const { refund_id = "" } = useRoute().params;
  const words = officeMoneyWords().refunds;
  const reading = useRead("/v1/refunds/{refund_id}", { path: { refund_id } });
  const refund = reading.value;
  return (
    <Page
      title={words.one(refund ? rupiah(refund.amount) : "")}
      back={{ href: "/kantor/uang/pengembalian", label: words.back }}
      aside={refund && <RefundState status={refund.status} />}
    >
      <Shown reading={reading}>{(value) => <Whole refund={value} again={reading.again} />}</Shown>
    </Page>
  );
}

function Whole({ refund, again }: { refund: Refund; again: () => Promise<void> }) {
  const { refunds: words, channels, refundStates } = officeMoneyWords();
  return (
    <>
      <Facts refund={refund} />
      <Acts refund={refund} again={again} />
      {refund.steps.length > 0 && (
        <Table
          caption={words.steps}
          rows={refund.steps}
          rowKey={(step) => `${step.at}${step.what}`}
          columns={[
            { title: words.what, cell: (step) => `${inWord(refundStates, step.what)}${step.channel ? `, ${inWord(channels, step.channel)}` : ""}` },
            { title: words.at, cell: (step) => moment(step.at) },
            { title: words.by, cell: (step) => step.by },
            { title: words.reference, cell: (step) => step.reference ?? step.reason ?? "–" },
          ]}
        />
      )}
    </>
  );
}

function Facts({ refund }: { refund: Refund }) {
  const words = officeMoneyWords().refunds;
  const { account } = refund;
  return (
    <>
      <dl class="facts">
        <dt>{words.order}</dt>
        <dd>
          <code class="small">{refund.order_id}</code>
        </dd>
        <dt>{words.reason}</dt>
        <dd dir="auto">{refund.reason}</dd>
        <dt>{words.liable}</dt>
        <dd>{inWord(officeWaveWords().liable, refund.liable)}</dd>
        <dt>{words.decided}</dt>
        <dd>{moment(refund.decided_at)}</dd>
        {account && (
          <>
            <dt>{words.account}</dt>
            <dd>
              {account.bank.toUpperCase()} {account.account_number}, {account.account_name}
            </dd>
          </>
        )}
      </dl>
      {!account && refund.status !== "done" && <Notice>{words.noAccount}</Notice>}
    </>
  );
}

function Acts({ refund, again }: { refund: Refund; again: () => Promise<void> }) {
  const words = officeMoneyWords().refunds;
  const [reference, setReference] = useState("");
  const [reason, setReason] = useState("");
  const path = { refund_id: refund.id };
  const byHand = refund.channel === "transfer" || refund.channel === "cash";
  const after = async () => {
    forgetReads("/v1/refunds");
    await again();
  };
  return (
    <div class="row">
      {["decided", "failed"].includes(refund.status) && refund.account && (
        <AskFirst
          label={words.transfer}
          kind="primary"
          title={words.transfer}
          yes={words.transfer}
          ready={Boolean(reference.trim())}
          intent={reference}
          act={async (key) => {
            await send("post", "/v1/refunds/{refund_id}/transfer", { path, body: { bank_reference: reference.trim() }, key });
            await after();
          }}
        >
          <p>{words.transferWhy}</p>
          <TextField label={words.bankReference} value={reference} maxLength={64} required onValue={setReference} />
        </AskFirst>
      )}
      {refund.status === "requested" && byHand && (
        <AskFirst
          label={words.confirm}
          kind="primary"
          title={words.confirm}
          yes={words.confirmYes}
          act={async (key) => {
            await send("post", "/v1/refunds/{refund_id}/confirmation", { path, key });
            await after();
          }}
        >
          <p>{words.confirmWhy}</p>
        </AskFirst>
      )}
      {["requested", "done"].includes(refund.status) && byHand && (
        <AskFirst
          label={words.fail}
          kind="danger"
          title={words.fail}
          yes={words.failYes}
          ready={Boolean(reason.trim())}
          intent={reason}
          act={async (key) => {
            await send("post", "/v1/refunds/{refund_id}/failure", { path, body: { reason: reason.trim() }, key });
            await after();
          }}
        >
          <p>{words.failWhy}</p>
          <TextField label={words.reason} lines={2} value={reason} maxLength={500} required onValue={setReason} />
        </AskFirst>
      )}
    </div>
  );
}
