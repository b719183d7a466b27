/** Name, phone, e-mail and NIP; whose staff one is, is the office's to say. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { everything, useReading } from "../../api/reading";
import type { Me, Schemas } from "../../api/types";
import { Button } from "../../parts/button";
import { TextField } from "../../parts/field";
import { Notice, ProblemNote } from "../../parts/states";
import { meWords } from "../../words/me";

interface MyProps {
  me: Me;
  again: () => Promise<void>;
}

export function MyDetails({ me, again }: MyProps) {
  const words = meWords().details;
  const [form, setForm] = useState({ name: me.name ?? "", phone: me.phone ?? "", email: me.email ?? "", nip: "" });
  const [saved, setSaved] = useState(false);
  const [save, saving] = useAct(async (key, body: Schemas["MeRequest"]) => {
    await send("put", "/v1/me", { body, key });
    await again();
    setForm((now) => ({ ...now, nip: "" }));
    setSaved(true);
  });
  const set = (name: keyof typeof form) => (value: string) => {
    setForm({ ...form, [name]: value });
    setSaved(false);
  };
  const fault = (name: string) => saving.problem?.fault(`/${name}`);
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save(said(form));
      }}
    >
      <h2>{words.title}</h2>
      <p class="soft small">{words.why}</p>
      <TextField label={words.name} value={form.name} onValue={set("name")} fault={fault("name")} autocomplete="name" maxLength={200} required />
      <TextField label={words.phone} type="tel" value={form.phone} onValue={set("phone")} fault={fault("phone")} autocomplete="tel" />
      <TextField label={words.email} type="email" value={form.email} onValue={set("email")} fault={fault("email")} autocomplete="email" />
      <TextField
        label={words.nip}
        {...(me.nip ? { hint: words.nipKept(me.nip) } : {})}
        value={form.nip}
        onValue={set("nip")}
        fault={fault("nip")}
        inputMode="numeric"
        maxLength={18}
      />
      <Institution id={me.institution_id} />
      <ProblemNote problem={saving.problem} />
      <div role="status">{saved && <Notice tone="good">{words.saved}</Notice>}</div>
      <Button type="submit" busy={saving.busy}>
        {saving.busy ? words.saving : words.save}
      </Button>
    </form>
  );
}

/** What has a value: the rest stays as it was. */
function said(form: Record<"name" | "phone" | "email" | "nip", string>): Schemas["MeRequest"] {
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value.trim())) as Schemas["MeRequest"];
}

function Institution({ id }: { id: string | null }) {
  const words = meWords().details;
  const all = useReading("/v1/institutions?all", () => everything("/v1/institutions", {}), { keep: true });
  const name = id === null ? words.noInstitution : all.value?.find((one) => one.id === id)?.name;
  return (
    <p>
      {words.institution}: <strong>{name ?? "…"}</strong>
    </p>
  );
}
