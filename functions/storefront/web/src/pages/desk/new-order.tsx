/** Ordering for somebody who stands at the desk, with cash at once where they have it. */
import "../member/member.css"; // what there is to order looks as it does for members
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { second } from "../../api/server-time";
import type { Schemas, Wave } from "../../api/types";
import { useKept } from "../../app/keeping";
import { Button } from "../../parts/button";
import { CheckField, SelectField, TextField } from "../../parts/field";
import { Notice, ProblemNote, Shown } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { rupiah } from "../../words/formats";
import { chosen, sum } from "../member/basket";
import { Offers } from "../member/offers";
import { stateAt } from "../member/wave-state";
import { type Done, doOrKeep } from "./acting";
import { type Desk, useDesk, useInstitutions } from "./desk";
import { DeskPage } from "./desk-page";
import { receiptNumber } from "./outbox";

interface Draft {
  name: string;
  phone: string;
  nip: string;
  institution_id: string;
  packs: Record<string, number>;
  cash: boolean;
}
const NOBODY: Draft = { name: "", phone: "", nip: "", institution_id: "", packs: {}, cash: true };
const PHONE = /^(\+62|62|0)[ -]?8[1-9]([ -]?[0-9]){7,10}$/;
const NIP = /^\d{18}$/;

export function NewOrder() {
  const desk = useDesk();
  return (
    <DeskPage desk={desk} title={deskWords().newOrder.title}>
      <Shown reading={desk.wave}>{(wave) => <Form desk={desk} wave={wave} />}</Shown>
    </DeskPage>
  );
}

function Form({ desk, wave }: { desk: Desk; wave: Wave }) {
  const words = deskWords().newOrder;
  const draft = useKept<Draft>(`on-behalf.${desk.dropoff_id}.${wave.id}`, NOBODY);
  const [looked, setLooked] = useState(false);
  const [last, setLast] = useState<{ done: Done; name: string; amount: string; number: string | null } | null>(null);
  const { value } = draft;
  const set = (change: Partial<Draft>) => (draft.value = { ...draft.value, ...change });
  const lines = chosen(wave, value.packs);
  const faults = faultsOf(value);
  const goods = sum(lines).goods;
  const [place, placing] = usePlacing(desk, wave, draft, (done, number) => {
    setLast({ done, name: value.name, amount: rupiah(goods), number });
    draft.value = { ...NOBODY, institution_id: value.institution_id };
    setLooked(false);
  });
  const fault = (name: keyof Faults) => (looked ? faults[name] : undefined) ?? placing.problem?.fault(`/on_behalf_of/${name}`);
  if (stateAt(wave, second.value) !== "open") return <Notice tone="warn">{words.closed}</Notice>;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setLooked(true);
        setLast(null);
        if (lines.length > 0 && Object.keys(faults).length === 0) void place();
      }}
    >
      <div role="status">
        {last && <Notice tone={last.done === "done" ? "good" : "warn"}>{last.done === "done" ? words.placed(last.name, last.amount) : words.kept(last.name, last.amount)}{last.number && ` ${words.receipt(last.number)}`}</Notice>}
      </div>
      <fieldset class="card stack">
        <legend class="unseen">{words.who}</legend>
        <h2 aria-hidden="true">{words.who}</h2>
        <TextField label={words.name} value={value.name} onValue={(name) => set({ name })} autocomplete="off" maxLength={200} required fault={fault("name")} />
        <TextField label={words.phone} hint={words.phoneHint} type="tel" value={value.phone} onValue={(phone) => set({ phone })} autocomplete="off" required fault={fault("phone")} />
        <Institution value={value.institution_id} onValue={(institution_id) => set({ institution_id })} fault={fault("institution_id")} />
        <TextField label={words.nip} hint={words.nipHint} inputMode="numeric" value={value.nip} onValue={(nip) => set({ nip })} autocomplete="off" maxLength={18} fault={fault("nip")} />
      </fieldset>
      <Offers wave={wave} packs={value.packs} onPacks={(offer, packs) => set({ packs: { ...value.packs, [offer.id]: packs } })} />
      <section class="card stack">
        <div class="row apart">
          <h2>{words.total}</h2>
          <strong class="amount number">{rupiah(goods)}</strong>
        </div>
        <CheckField label={words.cash} hint={words.cashHint} value={value.cash} onValue={(cash) => set({ cash })} />
        {looked && lines.length === 0 && <Notice tone="bad">{words.nothing}</Notice>}
        <ProblemNote problem={placing.problem} />
        <Button type="submit" wide busy={placing.busy}>
          {value.cash ? words.placePaid : words.place}
        </Button>
      </section>
    </form>
  );
}

/** Order, then book the money that was taken; without an answer both are kept together. */
function usePlacing(desk: Desk, wave: Wave, draft: { value: Draft }, onDone: (done: Done, number: string | null) => void) {
  return useAct(async (key) => {
    const { name, phone, nip, institution_id, packs, cash } = draft.value;
    const lines = chosen(wave, packs);
    const body: Schemas["OrderRequest"] = {
      wave_id: wave.id,
      dropoff_id: desk.dropoff_id,
      lines: lines.map((line) => ({ offer_id: line.offer.id, quantity: line.packs })),
      fulfilment: { method: "pickup" },
      on_behalf_of: { name: name.trim(), phone: phone.trim(), nip: nip || null, institution_id },
    };
    const number = cash ? await receiptNumber() : null;
    const about = { dropoff_id: desk.dropoff_id, wave_id: wave.id, who: name.trim() };
    const done = await doOrKeep(about, { kind: "order", body, goods: sum(lines).goods, receipt_number: number }, key, async () => {
      const order = await send("post", "/v1/orders", { body: body as never, key });
      if (!number) return;
      const paid = { amount: order.total, receipt_number: number };
      await send("post", "/v1/orders/{order_id}/cash-receipts", { path: { order_id: order.id }, body: paid, key: `${key}-cash` });
    });
    onDone(done, number);
  });
}

type Faults = Partial<Record<"name" | "phone" | "nip" | "institution_id", string>>;

function faultsOf(draft: Draft): Faults {
  const words = deskWords().newOrder.faults;
  return {
    ...(draft.name.trim() ? {} : { name: words.name }),
    ...(PHONE.test(draft.phone.trim()) ? {} : { phone: words.phone }),
    ...(draft.institution_id ? {} : { institution_id: words.institution }),
    ...(!draft.nip || NIP.test(draft.nip) ? {} : { nip: words.nip }),
  };
}

function Institution({ value, onValue, fault }: { value: string; onValue: (id: string) => void; fault: string | undefined }) {
  const words = deskWords().newOrder;
  const options = useInstitutions().map((one) => ({ value: one.id, label: one.name }));
  return <SelectField label={words.institution} value={value} onValue={onValue} options={[{ value: "", label: words.choose }, ...options]} required fault={fault} />;
}
