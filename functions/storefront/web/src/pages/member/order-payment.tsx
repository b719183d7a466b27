/** Paying what is owed: choosing how, and following the instructions until the money is in. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { useRead } from "../../api/reading";
import { second } from "../../api/server-time";
import type { Order, Payment, Schemas } from "../../api/types";
import { Button } from "../../parts/button";
import { Countdown } from "../../parts/countdown";
import { ChoiceField, SelectField } from "../../parts/field";
import { Loading, Notice, ProblemNote } from "../../parts/states";
import { moment, rupiah } from "../../words/formats";
import { orderWords } from "../../words/orders";
import { Instructions } from "./payment-instructions";

const BANKS = ["bca", "bni", "bri", "mandiri", "permata", "cimb"] as const;
type Way = "qris" | "virtual_account" | "cash";

interface PaymentProps {
  order: Order;
  zone: string | undefined;
  again: () => Promise<void>;
}

export function PaymentSection({ order, zone, again }: PaymentProps) {
  const words = orderWords().pay;
  const payments = useRead("/v1/orders/{order_id}/payments", { path: { order_id: order.id }, every: 15_000, keep: true });
  const [choosing, setChoosing] = useState(false);
  const made = payments.value?.items.filter((payment) => payment.method !== "cash") ?? [];
  const pending = made.find((payment) => isGood(payment, order, second.value));
  return (
    <section class="card stack">
      <div class="row apart">
        <h2>
          {words.title} <span class="number">{rupiah(order.balance)}</span>
        </h2>
      </div>
      <p>
        {words.by(moment(order.payment_due_at, zone))} · {words.left} <Countdown to={order.payment_due_at} />
      </p>
      {payments.loading && <Loading rows={4} />}
      {payments.loading ? null : pending && !choosing ? (
        <>
          <Instructions payment={pending} />
          <Button kind="quiet" onClick={() => setChoosing(true)}>
            {words.other}
          </Button>
        </>
      ) : (
        <>
          {!choosing && made.length > 0 && <Notice tone="warn">{words.ended}</Notice>}
          <Choose
            order={order}
            onAsked={async () => {
              await Promise.all([payments.again(), again()]);
              setChoosing(false);
            }}
          />
        </>
      )}
    </section>
  );
}

/** Whether a payment that was asked for earlier can still be made, and pays what is owed now. */
function isGood(payment: Payment, order: Order, now: number): boolean {
  const lasts = payment.expires_at === null || Date.parse(payment.expires_at) > now;
  return payment.status === "pending" && payment.amount === order.balance && lasts;
}

function Choose({ order, onAsked }: { order: Order; onAsked: () => Promise<void> }) {
  const words = orderWords().pay;
  const [way, setWay] = useState<Way>("qris");
  const [bank, setBank] = useState<string>("bca");
  const [ask, asking] = useAct(async (key, body: Schemas["PaymentRequest"]) => {
    await send("post", "/v1/orders/{order_id}/payments", { path: { order_id: order.id }, body, key });
    await onAsked();
  });
  const body = way === "qris" ? { method: "qris" } : { method: "virtual_account", bank };
  return (
    <>
      <ChoiceField<Way>
        label={words.how}
        value={way}
        onValue={setWay}
        options={[
          { value: "qris", label: words.qris, about: words.qrisWhy },
          { value: "virtual_account", label: words.virtual_account, about: words.virtualWhy },
          { value: "cash", label: words.cash, about: words.cashWhy },
        ]}
      />
      {way === "virtual_account" && (
        <SelectField label={words.bank} value={bank} onValue={setBank} options={BANKS.map((name) => ({ value: name, label: name.toUpperCase() }))} />
      )}
      {way === "cash" ? (
        <Notice>{words.cashNext}</Notice>
      ) : (
        <Button wide busy={asking.busy} onClick={() => void ask(body as Schemas["PaymentRequest"])}>
          {asking.busy ? words.asking : words.ask}
        </Button>
      )}
      <ProblemNote problem={asking.problem} />
    </>
  );
}
