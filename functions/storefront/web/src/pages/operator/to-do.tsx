/** What waits for somebody of the office, each with the way to where it is done. */
import { type List, useList } from "../../api/list";
import { useRead } from "../../api/reading";
import { Empty, Loading, ProblemNote } from "../../parts/states";
import { count } from "../../words/formats";
import { officeWords } from "../../words/office";

const EVERY = 60_000;

export function ToDo() {
  const words = officeWords().start;
  const drafts = useList("/v1/drafts", { every: EVERY });
  const failed = useList("/v1/refunds", { query: { status: "failed" }, every: EVERY });
  const tills = useList("/v1/cash", { every: EVERY });
  const lines = useList("/v1/reconciliation/worklist", { every: EVERY });
  const parked = useList("/v1/inbox", { every: EVERY });
  const suppliers = useList("/v1/catalog/suppliers", { query: { state: "open" }, every: EVERY });
  const quarantined = useList("/v1/catalog/quarantine", { every: EVERY });
  const findings = useRead("/v1/reconciliation", { every: EVERY }).value?.findings.length ?? 0;
  const all: List<readonly unknown[]>[] = [drafts, failed, tills, lines, parked, suppliers, quarantined];
  const announced = tills.value?.filter((till) => till.announced > 0).length ?? 0;
  const waiting = quarantined.value?.filter((row) => !row.taken_at).length ?? 0;
  const things = [
    { many: drafts.value?.length ?? 0, say: words.drafts, href: "/kantor/gelombang" },
    { many: failed.value?.length ?? 0, say: words.refunds, href: "/kantor/uang/pengembalian" },
    { many: announced, say: words.cash, href: "/kantor/uang/setoran" },
    { many: findings, say: words.findings, href: "/kantor/uang/rekonsiliasi" },
    { many: lines.value?.length ?? 0, say: words.lines, href: "/kantor/uang/rekonsiliasi" },
    { many: parked.value?.length ?? 0, say: words.parked, href: "/kantor/uang/tertahan" },
    { many: suppliers.value?.length ?? 0, say: words.suppliers, href: "/kantor/katalog/pemasok" },
    { many: waiting, say: words.quarantine, href: "/kantor/katalog/karantina" },
  ].filter((thing) => thing.many > 0);
  const broken = all.find((list) => list.problem && !list.value);
  const loading = all.some((list) => list.loading);
  return (
    <section class="stack tight">
      <h2>{words.toDo}</h2>
      <ProblemNote problem={broken?.problem} again={() => void broken?.again()} />
      {loading && <Loading rows={1} />}
      {!loading && !broken && things.length === 0 && <Empty title={words.nothing}>{words.nothingWhy}</Empty>}
      <ul class="stack tight">
        {things.map((thing) => (
          <li key={thing.href + thing.many}>
            <a href={thing.href}>{thing.say(count(thing.many))}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
