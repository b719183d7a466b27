/** What one person takes over the desk, who that is, and the code they show. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { Button } from "../../parts/button";
import { ChoiceField, Stepper, TextField } from "../../parts/field";
import { Notice, ProblemNote } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { packName } from "../../words/formats";
import { appWords } from "../../words/app";
import { type Done, handOver } from "./acting";
import type { Place } from "./line-up";
import type { About } from "./outbox";

interface TakingProps {
  place: Place;
  /** From the camera, if it was shown there. */
  code: string;
  about: About;
  onDone: (done: Done) => void;
  onCancel: () => void;
}

export function TakingForm({ place, code: scanned, about, onDone, onCancel }: TakingProps) {
  const words = deskWords().handover;
  const [code, setCode] = useState(scanned);
  const [packs, setPacks] = useState<Record<string, number>>(() => Object.fromEntries(place.lines.map((line) => [line.offer_id, line.packs])));
  const [takenBy, setTakenBy] = useState<"member" | "proxy">("member");
  const { proxy } = place.row;
  const whole = place.lines.every((line) => packs[line.offer_id] === line.packs);
  const lines = place.lines.map((line) => ({ offer_id: line.offer_id, packs: packs[line.offer_id] ?? 0 })).filter((line) => line.packs > 0);
  const ready = /^\d{6}$/.test(code) && lines.length > 0;
  const [hand, handing] = useAct(async (key) => {
    onDone(await handOver(about, { order_id: place.row.order_id, code, lines: whole ? null : lines, taken_by: takenBy }, key));
  });
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void hand();
      }}
    >
      {place.lines.map((line) => (
        <div class="row apart" key={line.offer_id}>
          <span>{packName(line.name, line.weight_g)}</span>
          <Stepper
            label={words.packsOf(packName(line.name, line.weight_g))}
            value={packs[line.offer_id] ?? 0}
            most={line.packs}
            onValue={(next) => setPacks({ ...packs, [line.offer_id]: next })}
          />
        </div>
      ))}
      {!whole && <Notice>{words.partly}</Notice>}
      {proxy && (
        <ChoiceField
          label={words.takenBy}
          value={takenBy}
          onValue={setTakenBy}
          options={[
            { value: "member", label: words.member },
            { value: "proxy", label: words.proxy(proxy.name), about: proxy.phone ?? "" },
          ]}
        />
      )}
      <TextField
        label={words.code}
        hint={scanned ? words.codeScanned : words.codeHint}
        inputMode="numeric"
        autocomplete="off"
        maxLength={6}
        value={code}
        onValue={(typed) => setCode(typed.replace(/\D/g, ""))}
      />
      <ProblemNote problem={handing.problem} />
      <div class="row">
        <Button type="submit" busy={handing.busy} disabled={!ready}>
          {words.handNow}
        </Button>
        <Button kind="secondary" onClick={onCancel}>
          {appWords().cancel}
        </Button>
      </div>
    </form>
  );
}
