/** Where money goes back to when no provider can return it. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { useRead } from "../../api/reading";
import { Button } from "../../parts/button";
import { TextField } from "../../parts/field";
import { ProblemNote } from "../../parts/states";
import { meWords } from "../../words/me";

const NOTHING = { bank: "", account_number: "", account_name: "" };

export function MyRefundAccount() {
  const words = meWords().account;
  const kept = useRead("/v1/me/refund-account", {});
  const [form, setForm] = useState(NOTHING);
  const [save, saving] = useAct(async (key, body: typeof NOTHING) => {
    await send("put", "/v1/me/refund-account", { body, key });
    await kept.again();
    setForm(NOTHING);
  });
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const fault = (name: string) => saving.problem?.fault(`/${name}`);
  const whole = Object.values(form).every((value) => value.trim());
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) void save(form);
      }}
    >
      <h2>{words.title}</h2>
      <p class="soft small">{words.why}</p>
      {kept.value && <p>{words.kept(kept.value.bank.toUpperCase(), kept.value.account_number)}</p>}
      <TextField label={words.bank} value={form.bank} onValue={set("bank")} fault={fault("bank")} />
      <TextField label={words.number} value={form.account_number} onValue={set("account_number")} fault={fault("account_number")} inputMode="numeric" />
      <TextField label={words.holder} value={form.account_name} onValue={set("account_name")} fault={fault("account_name")} />
      <ProblemNote problem={saving.problem} />
      <Button type="submit" kind="secondary" busy={saving.busy} disabled={!whole}>
        {words.save}
      </Button>
    </form>
  );
}
