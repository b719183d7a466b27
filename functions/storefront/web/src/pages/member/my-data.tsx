/** Consents, a copy of everything that is kept, and its erasure. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { get, send } from "../../api/client";
import { useRead } from "../../api/reading";
import type { Schemas } from "../../api/types";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { CheckField } from "../../parts/field";
import { Notice, ProblemNote } from "../../parts/states";
import { moment } from "../../words/formats";
import { meWords } from "../../words/me";

type Consent = Schemas["PermissionView"];

export function MyData() {
  return (
    <>
      <Consents />
      <Everything />
    </>
  );
}

function Consents() {
  const words = meWords().consents;
  const reading = useRead("/v1/me/consents", {});
  const [said, setSaid] = useState<Record<string, boolean>>({}); // until the server has it
  const [decide, deciding] = useAct(async (key, consent: Consent, granted: boolean) => {
    const body = { granted, text_version: consent.text_version };
    setSaid({ [consent.purpose]: granted });
    try {
      await send("put", "/v1/me/consents/{purpose}", { path: { purpose: consent.purpose }, body, key });
      await reading.again();
    } finally {
      setSaid({});
    }
  });
  const items = reading.value?.items ?? [];
  return (
    <section class="card stack">
      <h2>{words.title}</h2>
      <p class="soft small">{words.why}</p>
      {reading.value && items.length === 0 && <p class="soft">{words.none}</p>}
      <ProblemNote problem={reading.value ? undefined : reading.problem} again={() => void reading.again()} />
      {items.map((consent) => (
        <CheckField
          key={consent.purpose}
          label={consent.text}
          hint={consent.at ? words.said(moment(consent.at)) : words.unsaid}
          value={said[consent.purpose] ?? consent.granted ?? true}
          onValue={(granted) => void decide(consent, granted)}
        />
      ))}
      <ProblemNote problem={deciding.problem} />
    </section>
  );
}

function Everything() {
  const words = meWords().data;
  const [asked, setAsked] = useState(false);
  const [sure, setSure] = useState(false);
  const [erased, setErased] = useState<Schemas["ErasureView"]>();
  const [take, taking] = useAct(async () => saveAs("lumbung-data-saya.json", await get("/v1/me/data", {})));
  const [erase, erasing] = useAct(async (key) => {
    setErased(await send("post", "/v1/me/erasure", { key }));
    setAsked(false);
  });
  return (
    <section class="card stack">
      <h2>{words.title}</h2>
      <p class="soft small">{words.why}</p>
      <div class="row">
        <Button kind="secondary" busy={taking.busy} onClick={() => void take()}>
          {taking.busy ? words.exporting : words.export}
        </Button>
        <Button kind="danger" onClick={() => setAsked(true)}>
          {words.erase}
        </Button>
      </div>
      <ProblemNote problem={taking.problem} />
      <div role="status">{erased && <Notice>{erased.status === "done" ? words.erased : words.erasing}</Notice>}</div>
      <Dialog title={words.eraseTitle} open={asked} onClose={() => setAsked(false)}>
        <p>{words.eraseWhy}</p>
        <CheckField label={words.eraseSure} value={sure} onValue={setSure} />
        <ProblemNote problem={erasing.problem} />
        <Button kind="danger" busy={erasing.busy} disabled={!sure} onClick={() => void erase()}>
          {words.eraseYes}
        </Button>
      </Dialog>
    </section>
  );
}

function saveAs(name: string, value: unknown): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(value, null, 1)], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
