/** The orders of a drop-off in a wave, and the cash that is taken for them. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import type { Order } from "../../api/types";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { CheckField, TextField } from "../../parts/field";
import { Badge, Empty, Notice, ProblemNote, Shown } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { count, packName, rupiah } from "../../words/formats";
import { appWords } from "../../words/app";
import { StatusBadge } from "../member/order-status";
import { type Done, takeCash } from "./acting";
import { type Desk, useDesk, useOrders } from "./desk";
import { DeskPage } from "./desk-page";
import { receiptNumber, waiting } from "./outbox";

export function OrdersHere() {
  const words = deskWords().orders;
  const desk = useDesk();
  const { dropoff_id, wave_id } = desk;
  const reading = useOrders(dropoff_id, wave_id);
  const [sought, setSought] = useState("");
  const [unpaidOnly, setUnpaidOnly] = useState(false);
  const [paying, setPaying] = useState<Order | null>(null);
  const [said, setSaid] = useState<{ done: Done; text: string } | null>(null);
  return (
    <DeskPage desk={desk} title={words.title}>
      <div class="stack tight">
        <TextField label={words.search} type="search" autocomplete="off" value={sought} onValue={setSought} />
        <CheckField label={words.unpaidOnly} value={unpaidOnly} onValue={setUnpaidOnly} />
      </div>
      <div role="status">{said && <Notice tone={said.done === "done" ? "good" : "warn"}>{said.text}</Notice>}</div>
      <Shown reading={reading}>
        {(orders) => (
          <OrderQueue
            orders={orders.filter((order) => matches(order, sought) && (!unpaidOnly || isOwed(order)))}
            none={orders.length === 0}
            onPay={(order) => {
              setSaid(null);
              setPaying(order);
            }}
          />
        )}
      </Shown>
      <Dialog title={words.takeCash} open={paying !== null} onClose={() => setPaying(null)}>
        {paying && (
          <CashForm
            order={paying}
            desk={desk}
            onCancel={() => setPaying(null)}
            onDone={(done, number) => {
              setSaid({ done, text: done === "done" ? words.taken(rupiah(paying.balance), number) : words.takenKept(rupiah(paying.balance), number) });
              setPaying(null);
              void reading.again();
            }}
          />
        )}
      </Dialog>
    </DeskPage>
  );
}

interface QueueProps {
  orders: readonly Order[];
  none: boolean;
  onPay: (order: Order) => void;
}

function OrderQueue({ orders, none, onPay }: QueueProps) {
  const words = deskWords().orders;
  if (none) return <Empty title={words.none}>{words.noneWhy}</Empty>;
  if (orders.length === 0) return <Empty title={words.notFound} />;
  return (
    <section class="stack tight">
      <h2>{words.number(count(orders.length))}</h2>
      <ul class="queue">
        {orders.map((order) => (
          <li class="card" key={order.id}>
            <span class="stack tight">
              <strong dir="auto">{nameOf(order)}</strong>
              <span class="soft small number">
                {order.member.phone} · {order.id.slice(-6)}
              </span>
              <span>{order.lines.filter((line) => line.quantity > 0).map((line) => `${line.quantity} × ${packName(line.name, line.weight_g)}`).join(", ")}</span>
              <strong class="number">{rupiah(order.total)}</strong>
            </span>
            <CashState order={order} onPay={onPay} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CashState({ order, onPay }: { order: Order; onPay: (order: Order) => void }) {
  const words = deskWords().orders;
  if (paidHere(order)) return <Badge tone="warn">{words.cashKept}</Badge>;
  if (!isOwed(order)) return <StatusBadge order={order} />;
  return (
    <Button kind="secondary" aria-label={words.takeCashOf(nameOf(order))} onClick={() => onPay(order)}>
      {words.takeCash}
    </Button>
  );
}

interface CashFormProps {
  order: Order;
  desk: Desk;
  onDone: (done: Done, number: string) => void;
  onCancel: () => void;
}

function CashForm({ order, desk, onDone, onCancel }: CashFormProps) {
  const words = deskWords().orders;
  const [number, setNumber] = useState<string>();
  const [take, taking] = useAct(async (key) => {
    const mine = number ?? (await receiptNumber());
    setNumber(mine); // pressed again after a refusal it is the same receipt
    const about = { dropoff_id: desk.dropoff_id, wave_id: desk.wave_id, who: nameOf(order) };
    onDone(await takeCash(about, { kind: "cash", order_id: order.id, amount: order.balance, receipt_number: mine }, key), mine);
  });
  return (
    <>
      <p dir="auto">{words.from(nameOf(order))}</p>
      <p class="amount number">{rupiah(order.balance)}</p>
      <p class="soft small">{words.countFirst}</p>
      <ProblemNote problem={taking.problem} />
      <div class="row">
        <Button busy={taking.busy} onClick={() => void take()}>
          {words.taking}
        </Button>
        <Button kind="secondary" onClick={onCancel}>
          {appWords().cancel}
        </Button>
      </div>
    </>
  );
}

function isOwed(order: Order): boolean {
  return order.status === "placed" && order.balance > 0;
}

function paidHere(order: Order): boolean {
  return waiting.value.some(({ act }) => act.kind === "cash" && act.order_id === order.id);
}

function matches(order: Order, sought: string): boolean {
  const wanted = sought.trim().toLowerCase();
  return [order.member.name ?? "", order.member.phone ?? "", order.id].some((text) => text.toLowerCase().includes(wanted));
}

function nameOf(order: Order): string {
  return order.member.name ?? order.id.slice(-6);
}
