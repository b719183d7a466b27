/** A drop-off's own riders: who they are, and the link that each rides by. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { request, send } from "../../api/client";
import { useRead } from "../../api/reading";
import type { Schemas } from "../../api/types";
import { Button } from "../../parts/button";
import { TextField } from "../../parts/field";
import { Badge, Notice, ProblemNote, Shown } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { moment } from "../../words/formats";

type Rider = Schemas["RiderView"];
const NOBODY = { name: "", phone: "", plate: "" };

export function Riders({ dropoffId }: { dropoffId: string }) {
  const words = deskWords().riders;
  const reading = useRead("/v1/dropoffs/{dropoff_id}/riders", { path: { dropoff_id: dropoffId }, keep: true });
  return (
    <section class="stack tight">
      <h2>{words.title}</h2>
      <Shown reading={reading} rows={1}>
        {({ items }) => (
          <>
            {items.length === 0 && <p class="soft">{words.none}</p>}
            <ul class="queue">
              {items.map((rider) => (
                <li class="card" key={rider.id}>
                  <OneRider rider={rider} again={reading.again} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
      <NewRider dropoffId={dropoffId} again={reading.again} />
    </section>
  );
}

function OneRider({ rider, again }: { rider: Rider; again: () => Promise<void> }) {
  const words = deskWords().riders;
  const path = { dropoff_id: rider.dropoff_id, rider_id: rider.id };
  const [link, setLink] = useState<{ address: string; until: string }>();
  const [make, making] = useAct(async () => {
    const address = `/v1/dropoffs/${path.dropoff_id}/riders/${path.rider_id}/link`;
    const made = (await request("post", address)) as Schemas["RiderLinkView"];
    setLink({ address: location.origin + made.path, until: made.valid_until });
  });
  const [turn, turning] = useAct(async (key) => {
    await send("patch", "/v1/dropoffs/{dropoff_id}/riders/{rider_id}", { path, body: { active: !rider.active }, key });
    await again();
  });
  return (
    <>
      <span class="stack tight">
        <strong dir="auto">{rider.name}</strong>
        <span class="soft small number">
          {rider.phone} · {rider.plate}
        </span>
        {!rider.active && (
          <span>
            <Badge>{words.resting}</Badge>
          </span>
        )}
      </span>
      <span class="row">
        {rider.active && (
          <Button kind="secondary" aria-label={words.linkOf(rider.name)} busy={making.busy} onClick={() => void make()}>
            {words.link}
          </Button>
        )}
        <Button kind="quiet" aria-label={`${rider.active ? words.rest : words.ride}: ${rider.name}`} busy={turning.busy} onClick={() => void turn()}>
          {rider.active ? words.rest : words.ride}
        </Button>
      </span>
      <ProblemNote problem={making.problem ?? turning.problem} />
      {link && (
        <Notice tone="good">
          <span>{words.linkWhy(moment(link.until))}</span>
          <output style={{ overflowWrap: "anywhere" }}>{link.address}</output>
        </Notice>
      )}
    </>
  );
}

function NewRider({ dropoffId, again }: { dropoffId: string; again: () => Promise<void> }) {
  const words = deskWords().riders;
  const [draft, setDraft] = useState(NOBODY);
  const [add, adding] = useAct(async (key) => {
    const body = { ...draft, plate: draft.plate.trim().toUpperCase() };
    await send("post", "/v1/dropoffs/{dropoff_id}/riders", { path: { dropoff_id: dropoffId }, body, key });
    setDraft(NOBODY);
    await again();
  });
  const { problem } = adding;
  return (
    <details>
      <summary>{words.add}</summary>
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextField label={words.name} value={draft.name} onValue={(name) => setDraft({ ...draft, name })} autocomplete="off" required fault={problem?.fault("/name")} />
        <TextField label={words.phone} type="tel" value={draft.phone} onValue={(phone) => setDraft({ ...draft, phone })} autocomplete="off" required fault={problem?.fault("/phone")} />
        <TextField label={words.plate} value={draft.plate} onValue={(plate) => setDraft({ ...draft, plate })} autocomplete="off" required fault={problem?.fault("/plate")} />
        <ProblemNote problem={problem} />
        <div>
          <Button type="submit" busy={adding.busy}>
            {words.save}
          </Button>
        </div>
      </form>
    </details>
  );
}
