/** Receiving consignments: what came, what was damaged; in parts or at once, and for good only after a second look. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import type { Schemas } from "../../api/types";
import { useKept } from "../../app/keeping";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Stepper } from "../../parts/field";
import { Badge, Empty, Notice, ProblemNote, Shown } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { count, moment, packName, weight } from "../../words/formats";
import { doOrKeep } from "./acting";
import { cooperativeName, useCooperatives } from "./cooperatives";
import { type Desk, useConsignments, useDesk } from "./desk";
import { DeskPage } from "./desk-page";
import { waiting } from "./outbox";

type Consignment = Schemas["ConsignmentView"];
interface Counted {
  received: number;
  damaged: number;
}
const MOST = 1_000_000;

export function Counting() {
  const words = deskWords().counting;
  const desk = useDesk();
  const reading = useConsignments(desk.dropoff_id, desk.wave_id);
  return (
    <DeskPage desk={desk} title={words.title}>
      <Shown reading={reading}>
        {(here) => {
          if (here.length === 0) return <Empty title={words.none}>{words.noneWhy}</Empty>;
          return (
            <>
              {here.map((consignment) => (
                <ConsignmentCard key={consignment.id} consignment={consignment} desk={desk} again={reading.again} />
              ))}
            </>
          );
        }}
      </Shown>
    </DeskPage>
  );
}

interface CardProps {
  consignment: Consignment;
  desk: Desk;
  again: () => Promise<void>;
}

function ConsignmentCard({ consignment, desk, again }: CardProps) {
  const words = deskWords().counting;
  const name = cooperativeName(useCooperatives(), consignment.cooperative_id);
  const kept = waiting.value.filter(({ act }) => act.kind === "count" && act.consignment_id === consignment.id);
  const finalKept = kept.some(({ act }) => act.kind === "count" && act.body.final);
  const done = consignment.state === "received";
  return (
    <section class="card stack">
      <div class="row apart">
        <h2 dir="auto">{name}</h2>
        <Badge {...(done ? { tone: "good" as const } : { tone: "warn" as const })}>{words.states[stateOf(consignment)]}</Badge>
      </div>
      <p class="soft small">
        {words.expected(count(consignment.packs), weight(consignment.weight_g))}
        {consignment.vehicle && ` · ${consignment.vehicle}`}
        {consignment.received_at && ` · ${moment(consignment.received_at)}`}
      </p>
      {kept.length > 0 && <Notice tone="warn">{words.kept}</Notice>}
      {done || finalKept ? <Result consignment={consignment} /> : <CountForm consignment={consignment} desk={desk} who={name} again={again} />}
    </section>
  );
}

function Result({ consignment }: { consignment: Consignment }) {
  const words = deskWords().counting;
  return (
    <ul>
      {consignment.lines.map((line) => (
        <li key={line.offer_id}>
          {packName(line.name, line.weight_g)}: {words.result(count(line.received), count(line.damaged), count(line.expected))}
        </li>
      ))}
    </ul>
  );
}

function CountForm({ consignment, desk, who, again }: CardProps & { who: string }) {
  const words = deskWords().counting;
  const typed = useKept<Record<string, Counted>>(`count.${consignment.id}`, {});
  const [asking, setAsking] = useState(false);
  const of = (offerId: string) => typed.value[offerId] ?? { received: 0, damaged: 0 };
  const set = (offerId: string, change: Partial<Counted>) => (typed.value = { ...typed.value, [offerId]: { ...of(offerId), ...change } });
  const lines = consignment.lines.map((line) => ({ offer_id: line.offer_id, ...of(line.offer_id) })).filter((line) => line.received + line.damaged > 0);
  const [receive, receiving] = useAct(async (key, final: boolean) => {
    const body = { lines, final };
    const about = { dropoff_id: desk.dropoff_id, wave_id: desk.wave_id, who };
    await doOrKeep(about, { kind: "count", consignment_id: consignment.id, body }, key, () =>
      send("post", "/v1/consignments/{consignment_id}/receipt", { path: { consignment_id: consignment.id }, body, key }),
    );
    typed.value = {};
    setAsking(false);
    await again();
  });
  const short = consignment.lines.map((line) => ({ line, missing: line.expected - line.received - of(line.offer_id).received })).filter(({ missing }) => missing > 0);
  return (
    <>
      {consignment.lines.map((line) => {
        const name = packName(line.name, line.weight_g);
        return (
          <fieldset class="stack tight" key={line.offer_id}>
            <legend>
              <strong>{name}</strong> <span class="soft small">{words.line(count(line.expected), count(line.received), count(line.damaged))}</span>
            </legend>
            <div class="counts">
              <div>
                <span aria-hidden="true" class="small">{words.good}</span>
                <br />
                <Stepper label={`${words.good}: ${name}`} value={of(line.offer_id).received} most={MOST} onValue={(received) => set(line.offer_id, { received })} />
              </div>
              <div>
                <span aria-hidden="true" class="small">{words.damaged}</span>
                <br />
                <Stepper label={`${words.damaged}: ${name}`} value={of(line.offer_id).damaged} most={MOST} onValue={(damaged) => set(line.offer_id, { damaged })} />
              </div>
            </div>
          </fieldset>
        );
      })}
      {!asking && <ProblemNote problem={receiving.problem} />}
      <div class="row">
        <Button onClick={() => setAsking(true)}>{words.finish}</Button>
        <Button kind="secondary" busy={receiving.busy} disabled={lines.length === 0} onClick={() => void receive(false)}>
          {words.partly}
        </Button>
        <Button kind="quiet" onClick={() => (typed.value = asExpected(consignment))}>
          {words.allGood}
        </Button>
      </div>
      <Dialog title={words.sure} open={asking} onClose={() => setAsking(false)}>
        <p>{words.sureWhy}</p>
        {short.length > 0 ? (
          <Notice tone="warn">
            <strong>{words.shortage}</strong>
            <ul>
              {short.map(({ line, missing }) => (
                <li key={line.offer_id}>
                  {count(missing)} × {packName(line.name, line.weight_g)}
                </li>
              ))}
            </ul>
          </Notice>
        ) : (
          <Notice tone="good">{words.whole}</Notice>
        )}
        <ProblemNote problem={receiving.problem} />
        <div class="row">
          <Button busy={receiving.busy} onClick={() => void receive(true)}>
            {words.yes}
          </Button>
          <Button kind="secondary" onClick={() => setAsking(false)}>
            {words.countAgain}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

function asExpected(consignment: Consignment): Record<string, Counted> {
  const rest = (line: Consignment["lines"][number]) => Math.max(0, line.expected - line.received - line.damaged);
  return Object.fromEntries(consignment.lines.map((line) => [line.offer_id, { received: rest(line), damaged: 0 }]));
}

function stateOf({ state }: Consignment): "expected" | "in_transit" | "received" {
  return state === "received" || state === "in_transit" ? state : "expected";
}
