/** What waits to be uploaded: plainly on every page of the desk, and one by one on a page of its own. */
import { useState } from "preact/hooks";
import { Problem } from "../../api/problem";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Page } from "../../parts/page";
import { Empty, Notice, ProblemNote } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { count, moment, rupiah } from "../../words/formats";
import { inWords } from "../../words/problems";
import { type Entry, remove, waiting } from "./outbox";
import { interrupted, upload, uploading } from "./upload";

export function WaitingStrip() {
  const words = deskWords().waiting;
  const all = waiting.value;
  const refused = all.filter((entry) => entry.refused).length;
  return (
    <div role="status">
      {all.length > 0 && (
        <Notice tone={refused ? "bad" : "warn"}>
          <span class="row">
            <strong>{uploading.value ? words.uploading(count(all.length)) : words.waits(count(all.length))}</strong>
            {refused > 0 && <span>{words.refused(count(refused))}</span>}
            <a href="/loket/unggahan">{words.see}</a>
          </span>
        </Notice>
      )}
    </div>
  );
}

export function Waiting() {
  const words = deskWords();
  return (
    <Page title={words.waiting.title} back={{ href: "/loket", label: words.toStart }}>
      <p class="soft">{words.waiting.lead}</p>
      <ProblemNote problem={interrupted.value} />
      {waiting.value.length === 0 ? (
        <Empty title={words.waiting.none} />
      ) : (
        <>
          <p>
            <Button busy={uploading.value} onClick={() => void upload()}>
              {words.waiting.now}
            </Button>
          </p>
          <ul class="cards">
            {waiting.value.map((entry) => (
              <li class="card stack tight" key={entry.number}>
                <WaitingEntry entry={entry} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function WaitingEntry({ entry }: { entry: Entry }) {
  const words = deskWords().waiting;
  const [asked, setAsked] = useState(false);
  const { refused } = entry;
  return (
    <>
      <strong>{told(entry)}</strong>
      <span dir="auto">{entry.who}</span>
      <span class="soft small">{moment(entry.at)}</span>
      {refused && <Refusal code={refused.code} detail={refused.detail} />}
      {refused && (
        <Button kind="danger" onClick={() => setAsked(true)}>
          {words.settle}
        </Button>
      )}
      <Dialog title={words.settleTitle} open={asked} onClose={() => setAsked(false)}>
        <p>{words.settleWhy[entry.act.kind]}</p>
        <div class="row">
          <Button kind="secondary" onClick={() => setAsked(false)}>
            {words.settleNot}
          </Button>
          <Button kind="danger" onClick={() => void remove(entry.number)}>
            {words.settleYes}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

function Refusal({ code, detail }: { code: string; detail: string }) {
  const said = inWords(new Problem(code, 409, detail));
  return (
    <Notice tone="bad">
      <strong>{said.what}</strong>
      {said.detail && <span>{said.detail}</span>}
      <span>{said.next}</span>
    </Notice>
  );
}

function told({ act }: Entry): string {
  const words = deskWords().waiting.kinds;
  if (act.kind === "cash") return words.cash(rupiah(act.amount), act.receipt_number);
  if (act.kind === "order") return act.receipt_number ? words.paidOrder(rupiah(act.goods), act.receipt_number) : words.order(rupiah(act.goods));
  return act.kind === "count" ? words.count : words.handover;
}
