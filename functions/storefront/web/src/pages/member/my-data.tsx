/** Consents, a copy of everything that is kept, and its erasure. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { request } from "../../api/client";
import { useReading } from "../../api/reading";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { CheckField } from "../../parts/field";
import { Notice, ProblemNote } from "../../parts/states";
import { moment } from "../../words/formats";
import { meWords } from "../../words/me";

interface Consent {
  purpose: string;
  title?: string;
  text?: string;
  text_version: string;
  granted: boolean;
  at: string | null;
}

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
  const reading = useReading("/v1/me/consents", () => request("get", "/v1/me/consents") as Promise<{ items: Consent[] }>);
  const [decide, deciding] = useAct(async (key, consent: Consent, granted: boolean) => {
    const body = { granted, text_version: consent.text_version };
    await request("put", `/v1/me/consents/${consent.purpose}`, undefined, body, key);
    await reading.again();
  });
  const items = reading.value?.items ?? [];
  if (reading.problem?.code === "not_found") return null;
  return (
    <section class="card stack">
      <h2>{words.title}</h2>
      <p class="soft small">{words.why}</p>
      {reading.value && items.length === 0 && <p class="soft">{words.none}</p>}
      <ProblemNote problem={reading.value ? undefined : reading.problem} again={() => void reading.again()} />
      {items.map((consent) => (
        <CheckField
          key={consent.purpose}
          label={consent.title ?? consent.purpose}
          hint={consent.text ?? words.version(consent.text_version, consent.at ? moment(consent.at) : "")}
          value={consent.granted}
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
  const [erased, setErased] = useState(false);
  const [take, taking] = useAct(async () => saveAs("lumbung-data-saya.json", await request("get", "/v1/me/data")));
  const [erase, erasing] = useAct(async (key) => {
    await request("post", "/v1/me/erasure", undefined, {}, key);
    setErased(true);
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
      <div role="status">{erased && <Notice>{words.erased}</Notice>}</div>
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
