/** Orders that are brought home: sent on their way, followed, taken back, sent again; by couriers or own riders. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { everything, useRead, useReading } from "../../api/reading";
import type { Schemas } from "../../api/types";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { ChoiceField } from "../../parts/field";
import { Badge, Empty, Notice, ProblemNote, Shown, type Tone } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { clock, count, rupiah, weight } from "../../words/formats";
import { type Desk, useDesk, useManifest } from "./desk";
import { DeskPage } from "./desk-page";
import { Riders } from "./riders";

type Trip = Schemas["TripView"];
type Names = Record<string, string>;
const BAD = ["cancelled", "no_courier", "lost", "returned"];

export function Trips() {
  const words = deskWords().trips;
  const desk = useDesk();
  const { dropoff_id, wave_id } = desk;
  const ask = () => everything("/v1/dropoffs/{dropoff_id}/trips", { path: { dropoff_id }, query: { wave_id } });
  const trips = useReading(`/v1/dropoffs/${dropoff_id}/trips?wave_id=${wave_id}&all`, ask, { keep: true, every: 10_000 });
  const manifest = useManifest(dropoff_id, wave_id);
  const rows = manifest.value?.items ?? [];
  const names: Names = Object.fromEntries(rows.map((row) => [row.order_id, row.member.name ?? row.order_id.slice(-6)]));
  const ready = rows.filter((row) => row.method === "courier" && row.fulfilment_status === "at_dropoff").length;
  const again = async () => {
    await Promise.all([trips.again(), manifest.again()]);
  };
  return (
    <DeskPage desk={desk} title={words.title}>
      <Dispatch desk={desk} ready={ready} names={names} again={again} />
      <section class="stack tight">
        <h2>{words.list}</h2>
        <Shown reading={trips}>
          {(all) =>
            all.length === 0 ? (
              <Empty title={words.none}>{words.noneWhy}</Empty>
            ) : (
              <ul class="cards">
                {all.map((trip) => (
                  <li class="card stack tight" key={trip.id}>
                    <TripCard trip={trip} names={names} zone={desk.wave.value?.time_zone} again={again} />
                  </li>
                ))}
              </ul>
            )
          }
        </Shown>
      </section>
      <Riders dropoffId={dropoff_id} />
    </DeskPage>
  );
}

function Dispatch({ desk, ready, names, again }: { desk: Desk; ready: number; names: Names; again: () => Promise<void> }) {
  const words = deskWords().trips;
  const [by, setBy] = useState<"couriers" | "riders">("couriers");
  const [asked, setAsked] = useState<string>();
  const [dispatch, dispatching] = useAct(async (key) => {
    const body = { wave_id: desk.wave_id, by };
    const plan = await send("post", "/v1/dropoffs/{dropoff_id}/dispatches", { path: { dropoff_id: desk.dropoff_id }, body, key });
    setAsked(plan.id);
    await again();
  });
  return (
    <section class="card stack">
      <h2>{words.ready(count(ready))}</h2>
      <ChoiceField
        label={words.by}
        value={by}
        onValue={setBy}
        options={[
          { value: "couriers", label: words.couriers },
          { value: "riders", label: words.riders },
        ]}
      />
      <ProblemNote problem={dispatching.problem} />
      {asked && <Planned dropoffId={desk.dropoff_id} dispatchId={asked} names={names} />}
      <div>
        <Button busy={dispatching.busy} disabled={ready === 0} onClick={() => void dispatch()}>
          {words.send}
        </Button>
      </div>
    </section>
  );
}

function Planned({ dropoffId, dispatchId, names }: { dropoffId: string; dispatchId: string; names: Names }) {
  const words = deskWords().trips;
  const path = { dropoff_id: dropoffId, dispatch_id: dispatchId };
  const { value: plan } = useRead("/v1/dropoffs/{dropoff_id}/dispatches/{dispatch_id}", { path, every: (known) => (known?.status === "planned" ? 60_000 : 2_000) });
  if (!plan || plan.status !== "planned") return <Notice>{words.planning}</Notice>;
  if (plan.staying.length === 0) return <Notice tone="good">{words.planned}</Notice>;
  return (
    <Notice tone="warn">
      <strong>{words.staying}</strong>
      <ul>
        {plan.staying.map((one) => (
          <li key={one.order_id}>
            {names[one.order_id] ?? one.order_id}: {one.reason}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function TripCard({ trip, names, zone, again }: { trip: Trip; names: Names; zone: string | undefined; again: () => Promise<void> }) {
  const words = deskWords().trips;
  return (
    <>
      <span class="row apart">
        <h3>{trip.courier}</h3>
        <Badge {...toneOf(trip)}>{(words.states as Record<string, string>)[trip.status] ?? trip.status}</Badge>
      </span>
      <span class="soft small">
        {weight(trip.weight_g)} · {words.km((trip.distance_m / 1_000).toFixed(1))} · {rupiah(trip.fee)}
      </span>
      <ol>
        {trip.stops.map((stop) => (
          <li key={stop.order_id}>
            <span dir="auto">{names[stop.order_id] ?? stop.order_id.slice(-6)}</span>{" "}
            <span class="soft small">
              {words.about(clock(stop.eta, zone))} · {(words.stops as Record<string, string>)[stop.status] ?? stop.status}
            </span>
          </li>
        ))}
      </ol>
      {trip.alert && <Notice tone="warn">{(words.alerts as Record<string, string>)[trip.alert] ?? trip.alert}</Notice>}
      {trip.tracking_url && (
        <a href={trip.tracking_url} target="_blank" rel="noreferrer">
          {words.track}
        </a>
      )}
      {trip.ended_at === null && <TripActs trip={trip} again={again} />}
    </>
  );
}

function TripActs({ trip, again }: { trip: Trip; again: () => Promise<void> }) {
  const words = deskWords().trips;
  const [asking, setAsking] = useState<"cancellation" | "redispatch" | null>(null);
  const [act, acting] = useAct(async (key, what: "cancellation" | "redispatch") => {
    await send("post", `/v1/trips/{trip_id}/${what}`, { path: { trip_id: trip.id }, key });
    setAsking(null);
    await again();
  });
  return (
    <div class="row">
      <Button kind="secondary" onClick={() => setAsking("redispatch")}>
        {words.redispatch}
      </Button>
      <Button kind="danger" onClick={() => setAsking("cancellation")}>
        {words.cancel}
      </Button>
      <Dialog title={asking === "redispatch" ? words.redispatch : words.cancel} open={asking !== null} onClose={() => setAsking(null)}>
        <p>{asking === "redispatch" ? words.redispatchWhy : words.cancelWhy}</p>
        <ProblemNote problem={acting.problem} />
        <div class="row">
          <Button busy={acting.busy} onClick={() => asking && void act(asking)}>
            {words.yes}
          </Button>
          <Button kind="secondary" onClick={() => setAsking(null)}>
            {words.no}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}

function toneOf(trip: Trip): { tone?: Tone } {
  if (BAD.includes(trip.status)) return { tone: "bad" };
  return trip.ended_at ? { tone: "good" } : { tone: "note" };
}
