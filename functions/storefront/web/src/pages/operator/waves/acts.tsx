/** What the office can do with a published wave: close, extend, call off, do again. */
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { forgetReads } from "../../../api/reading";
import type { Wave } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { TextField } from "../../../parts/field";
import type { Zone } from "../../../words/formats";
import { fromLocal, toLocal } from "../../../words/local-time";
import { officeWaveWords } from "../../../words/office-waves";

interface ActsProps {
  wave: Wave;
  again: () => Promise<void>;
}

export function Acts({ wave, again }: ActsProps) {
  const open = wave.state === "open";
  const live = open || wave.state === "scheduled";
  return (
    <>
      {open && <Close wave={wave} again={again} />}
      {live && <Extend wave={wave} again={again} />}
      <Copy wave={wave} />
      {!["completed", "cancelled"].includes(wave.state) && <Cancel wave={wave} again={again} />}
    </>
  );
}

function Close({ wave, again }: ActsProps) {
  const words = officeWaveWords().page;
  return (
    <AskFirst
      label={words.close}
      title={words.closeTitle}
      yes={words.closeYes}
      act={async (key) => {
        await send("post", "/v1/waves/{wave_id}/closing", { path: { wave_id: wave.id }, key });
        await again();
      }}
    >
      <p>{words.closeWhy}</p>
    </AskFirst>
  );
}

function Extend({ wave, again }: ActsProps) {
  const words = officeWaveWords();
  const zone = wave.time_zone as Zone;
  const promised = toLocal(wave.payment_due_at, zone);
  const [closes, setCloses] = useState(toLocal(wave.closes_at, zone));
  const [due, setDue] = useState(promised);
  const [delivery, setDelivery] = useState(wave.delivery_date);
  const body = {
    closes_at: fromLocal(closes, zone),
    ...(due !== promised && { payment_due_at: fromLocal(due, zone) }), // a field shows no seconds: what was not changed is not sent
    ...(delivery !== wave.delivery_date && { delivery_date: delivery }),
  };
  return (
    <AskFirst
      label={words.page.extend}
      title={words.page.extendTitle}
      yes={words.page.extendYes}
      ready={Boolean(closes && due && delivery)}
      intent={body}
      act={async (key) => {
        await send("post", "/v1/waves/{wave_id}/extension", { path: { wave_id: wave.id }, body, key });
        await again();
      }}
    >
      <p>{words.page.extendWhy}</p>
      <TextField label={words.form.closes} type="datetime-local" value={closes} onValue={setCloses} />
      <TextField label={words.form.due} type="datetime-local" value={due} onValue={setDue} />
      <TextField label={words.form.delivery} type="date" value={delivery} onValue={setDelivery} />
    </AskFirst>
  );
}

function Cancel({ wave, again }: ActsProps) {
  const words = officeWaveWords().page;
  const [reason, setReason] = useState("");
  return (
    <AskFirst
      label={words.cancel}
      kind="danger"
      title={words.cancelTitle}
      yes={words.cancelYes}
      ready={Boolean(reason.trim())}
      intent={reason}
      act={async (key) => {
        await send("post", "/v1/waves/{wave_id}/cancellation", { path: { wave_id: wave.id }, body: { reason: reason.trim() }, key });
        await again();
      }}
    >
      <p>{words.cancelWhy}</p>
      <TextField label={words.reason} lines={3} value={reason} maxLength={500} required onValue={setReason} />
    </AskFirst>
  );
}

const WEEK = 7 * 86_400_000;

/** A week later, as a start: the office sets what is to be otherwise in the draft. */
function Copy({ wave }: { wave: Wave }) {
  const words = officeWaveWords();
  const { route } = useLocation();
  const zone = wave.time_zone as Zone;
  const later = (at: string) => new Date(Date.parse(at) + WEEK).toISOString();
  const [name, setName] = useState(wave.name);
  const [opens, setOpens] = useState(toLocal(later(wave.opens_at), zone));
  const body = copied(wave, name, Date.parse(fromLocal(opens, zone)) - Date.parse(wave.opens_at));
  return (
    <AskFirst
      label={words.page.copy}
      title={words.page.copyTitle}
      yes={words.page.copyYes}
      ready={Boolean(name.trim() && opens)}
      intent={body}
      act={async (key) => {
        const draft = await send("post", "/v1/waves/{wave_id}/copy", { path: { wave_id: wave.id }, body, key });
        forgetReads("/v1/drafts");
        route(`/kantor/rancangan/${draft.id}`);
      }}
    >
      <TextField label={words.form.name} value={name} onValue={setName} maxLength={200} required />
      <TextField label={words.form.opens} type="datetime-local" value={opens} onValue={setOpens} />
    </AskFirst>
  );
}

/** Every moment of *wave*, so much later. */
function copied(wave: Wave, name: string, shift: number) {
  const moved = (at: string) => (Number.isNaN(shift) ? at : new Date(Date.parse(at) + shift).toISOString());
  return {
    name: name.trim(),
    opens_at: moved(wave.opens_at),
    closes_at: moved(wave.closes_at),
    payment_due_at: moved(wave.payment_due_at),
    delivery_date: moved(`${wave.delivery_date}T00:00:00Z`).slice(0, 10),
  };
}
