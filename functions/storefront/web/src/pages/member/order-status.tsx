/** How far an order is, in a word, and as the steps of its way. */
import type { Order } from "../../api/types";
import { Badge, Notice, type Tone } from "../../parts/states";
import { LinkButton } from "../../parts/button";
import { moment } from "../../words/formats";
import { orderWords } from "../../words/orders";

const TONES: Record<string, Tone> = { placed: "warn", confirmed: "good", completed: "good", expired: "bad", cancelled: "bad" };

export function StatusBadge({ order }: { order: Order }) {
  const { status, steps } = orderWords();
  const step = order.status === "confirmed" ? STEPS[method(order)].find((one) => one === order.fulfilment_status) : undefined;
  const word = step ? steps[step] : (status as Record<string, string>)[order.status];
  return <Badge {...(TONES[order.status] ? { tone: TONES[order.status]! } : {})}>{word ?? order.status}</Badge>;
}

const STEPS = {
  pickup: ["placed", "paid", "allocated", "at_dropoff", "collected"],
  courier: ["placed", "paid", "allocated", "at_dropoff", "dispatched", "delivered"],
} as const;
export type Step = (typeof STEPS)["pickup" | "courier"][number];

function method(order: Pick<Order, "fulfilment">): "pickup" | "courier" {
  return order.fulfilment.method === "courier" ? "courier" : "pickup";
}

/** The steps of an order's way, and the last of them that is done. */
export function wayOf(order: Pick<Order, "fulfilment" | "status" | "fulfilment_status">): { steps: readonly Step[]; done: number } {
  const steps: readonly Step[] = STEPS[method(order)];
  const goods = steps.indexOf(order.fulfilment_status as Step);
  const paid = order.status === "confirmed" || order.status === "completed";
  return { steps, done: Math.max(goods, paid ? 1 : 0) };
}

export function Way({ order }: { order: Order }) {
  const words = orderWords();
  if (order.status === "expired" || order.status === "cancelled" || order.fulfilment_status === "none") return null;
  const { steps, done } = wayOf(order);
  return (
    <section class="stack tight">
      <h2>{words.steps.title}</h2>
      <ol class="steps">
        {steps.map((step, place) => (
          <li key={step} class={`${place <= done ? "done" : ""} ${place === done ? "now" : ""}`} aria-current={place === done ? "step" : undefined}>
            {words.steps[step]}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What is out of the ordinary. */
export function Said({ order }: { order: Order }) {
  const words = orderWords().said;
  if (order.status === "expired") {
    return (
      <Notice tone="bad">
        <span>{words.expired}</span>
        <span>{words.expiredNext}</span>
        <LinkButton kind="secondary" href={`/gelombang/${order.wave_id}`}>
          {words.orderAgain}
        </LinkButton>
      </Notice>
    );
  }
  if (order.status === "cancelled") return <Notice tone="bad">{words.cancelled}</Notice>;
  if (order.fulfilment_status === "none") return <Notice tone="bad">{words.none}</Notice>;
  if (order.fulfilment_status === "not_collected") return <Notice tone="bad">{words.not_collected}</Notice>;
  if (order.fulfilment_status === "failed") return <Notice tone="warn">{words.failed}</Notice>;
  if (order.collect_by && order.fulfilment_status === "at_dropoff") {
    return <Notice tone="good">{words.collectBy(moment(order.collect_by))}</Notice>;
  }
  return null;
}
