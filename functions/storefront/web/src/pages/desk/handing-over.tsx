/** The queue at the desk: who gets what, found by name, by last digits or by the code that is shown to the camera. */
import { useRef, useState } from "preact/hooks";
import { Problem } from "../../api/problem";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { TextField } from "../../parts/field";
import { Badge, Empty, Notice, ProblemNote, Shown } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { count, moment } from "../../words/formats";
import type { Done } from "./acting";
import { useDesk, useManifest } from "./desk";
import { DeskPage } from "./desk-page";
import { codeIn, found, goodsIn, lineUp, type Place } from "./line-up";
import { waiting } from "./outbox";
import { Scanner } from "./scanner";
import { useTakenAlong } from "./taken-along";
import { TakingForm } from "./taking-form";

interface Serving {
  place: Place;
  code: string;
}

export function HandingOver() {
  const words = deskWords().handover;
  const desk = useDesk();
  const { dropoff_id, wave_id } = desk;
  const reading = useManifest(dropoff_id, wave_id);
  const [sought, setSought] = useState("");
  const [scanning, setScanning] = useState(false);
  const [serving, setServing] = useState<Serving | null>(null);
  const [last, setLast] = useState<{ name: string; done: Done } | null>(null);
  const [odd, setOdd] = useState<Problem>();
  const search = useRef<HTMLDivElement>(null);
  const places = lineUp(reading.value?.items ?? [], waiting.value);

  function serve(place: Place, code = "") {
    setLast(null);
    setOdd(undefined);
    setServing({ place, code });
  }
  function scanned(text: string) {
    setScanning(false);
    const shown = codeIn(text);
    const place = shown && places.find((one) => one.row.order_id === shown.order_id && one.state === "there");
    if (place) serve(place, shown.code);
    else setOdd(new Problem("unlisted_order", 0));
  }
  function served(name: string, done: Done) {
    setServing(null);
    setLast({ name, done });
    setSought("");
    void reading.again();
    search.current?.querySelector("input")?.focus();
  }

  return (
    <DeskPage desk={desk} title={words.title}>
      <ListTaken dropoffId={dropoff_id} waveId={wave_id} />
      <div ref={search} class="stack tight">
        <TextField label={words.search} hint={words.searchHint} type="search" autocomplete="off" value={sought} onValue={setSought} />
        <Button wide onClick={() => setScanning(true)}>
          {words.scan}
        </Button>
      </div>
      <div role="status">
        {last && <Notice tone={last.done === "done" ? "good" : "warn"}>{last.done === "done" ? words.done(last.name) : words.kept(last.name)}</Notice>}
      </div>
      <ProblemNote problem={odd} />
      <Shown reading={reading}>{() => <Line places={places} sought={sought} onServe={serve} />}</Shown>
      <Dialog title={words.scan} open={scanning} onClose={() => setScanning(false)}>
        {scanning && <Scanner onText={scanned} />}
        <Button kind="secondary" onClick={() => setScanning(false)}>
          {words.typeInstead}
        </Button>
      </Dialog>
      <Dialog title={serving ? words.handTo(nameOf(serving.place)) : ""} open={serving !== null} onClose={() => setServing(null)}>
        {serving && (
          <TakingForm
            place={serving.place}
            code={serving.code}
            about={{ dropoff_id, wave_id, who: nameOf(serving.place) }}
            onDone={(done) => served(nameOf(serving.place), done)}
            onCancel={() => setServing(null)}
          />
        )}
      </Dialog>
    </DeskPage>
  );
}

function ListTaken({ dropoffId, waveId }: { dropoffId: string; waveId: string }) {
  const words = deskWords().handover;
  const { list, problem, loading, again } = useTakenAlong(dropoffId, waveId);
  if (problem) return <ProblemNote problem={problem} again={() => void again()} />;
  if (loading && !list) return null;
  return (
    <p class="small">
      {list ? <Badge tone="good">{words.ready}</Badge> : <Badge tone="warn">{words.notReady}</Badge>}{" "}
      <span class="soft">{list ? words.readyUntil(moment(list.valid_until)) : words.notReadyWhy}</span>
    </p>
  );
}

function Line({ places, sought, onServe }: { places: readonly Place[]; sought: string; onServe: (place: Place) => void }) {
  const words = deskWords().handover;
  const shown = found(places, sought);
  if (places.length === 0) {
    return (
      <Empty title={words.none}>
        <span class="soft">{words.noneWhy}</span>
      </Empty>
    );
  }
  const left = places.filter((place) => place.state === "there").length;
  return (
    <section class="stack tight">
      <h2>{words.left(count(left), count(places.length))}</h2>
      {shown.length === 0 && <Empty title={words.notFound} />}
      <ul class="queue">
        {shown.map((place) => (
          <li class="card" key={place.row.order_id}>
            <span class="stack tight">
              <strong dir="auto">{nameOf(place)}</strong>
              <span class="soft small number">
                {place.row.member.phone} · {place.row.order_id.slice(-6)}
              </span>
              <span>{goodsIn(place.lines.length ? place.lines : place.row.lines)}</span>
            </span>
            {place.state === "there" ? (
              <Button kind="secondary" aria-label={words.handTo(nameOf(place))} onClick={() => onServe(place)}>
                {words.hand}
              </Button>
            ) : (
              <Badge {...(place.state === "kept" ? { tone: "warn" as const } : place.state === "gone" ? { tone: "good" as const } : {})}>
                {words.states[place.state]}
              </Badge>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function nameOf(place: Place): string {
  return place.row.member.name ?? place.row.order_id.slice(-6);
}
