import { useRoute } from "preact-iso";
import { useRead } from "../../api/reading";
import type { Dropoff, Order, Wave } from "../../api/types";
import { Page } from "../../parts/page";
import { Shown } from "../../parts/states";
import { moment } from "../../words/formats";
import { orderWords } from "../../words/orders";
import { DeliverySection } from "./delivery";
import { Contents } from "./order-contents";
import { Changes } from "./order-changes";
import { PaymentSection } from "./order-payment";
import { Said, StatusBadge, Way } from "./order-status";
import { PickupCode } from "./pickup-code";

const QUICK = 4_000; // while money is awaited
const CALM = 15_000;

export function OrderPage() {
  const { order_id = "" } = useRoute().params;
  const words = orderWords().order;
  const shown = useRead("/v1/orders/{order_id}", { path: { order_id }, every: howOften, keep: true });
  const order = shown.value;
  const wave = useRead("/v1/waves/{wave_id}", { path: { wave_id: order?.wave_id ?? "" }, when: Boolean(order), keep: true });
  return (
    <Page
      title={words.title}
      back={{ href: "/pesanan", label: words.back }}
      aside={
        <span role="status">
          {order && <StatusBadge order={order} />}
        </span>
      }
    >
      <p class="soft">{wave.value?.name ?? "…"}</p>
      <Shown reading={shown}>{(value) => <Body order={value} wave={wave.value} again={shown.again} />}</Shown>
    </Page>
  );
}

function howOften(order: Order | undefined): number {
  return order && awaitsMoney(order) ? QUICK : CALM;
}

function awaitsMoney(order: Order): boolean {
  return order.status === "placed" && order.balance > 0;
}

interface BodyProps {
  order: Order;
  wave: Wave | undefined;
  again: () => Promise<void>;
}

function Body({ order, wave, again }: BodyProps) {
  const owes = awaitsMoney(order);
  const dropoff = useRead("/v1/dropoffs/{dropoff_id}", { path: { dropoff_id: order.dropoff_id }, keep: true });
  return (
    <div class="two">
      <div class="stack">
        <Said order={order} />
        {owes && <PaymentSection order={order} zone={wave?.time_zone} again={again} />}
        <PickupCode order={order} />
        <DeliverySection order={order} />
        <Way order={order} />
      </div>
      <div class="stack">
        <Contents order={order} />
        <Facts order={order} dropoff={dropoff.value} zone={wave?.time_zone} />
        {wave && <Changes order={order} wave={wave} again={again} />}
      </div>
    </div>
  );
}

function Facts({ order, dropoff, zone }: { order: Order; dropoff: Dropoff | undefined; zone: string | undefined }) {
  const words = orderWords().order;
  const { address } = order.fulfilment;
  return (
    <dl class="facts">
      <dt>{words.dropoff}</dt>
      <dd>
        {dropoff?.name} <span class="soft">{dropoff?.address}</span>
      </dd>
      {address && (
        <>
          <dt>{words.address}</dt>
          <dd>
            {address.recipient}, {address.line}, {address.postal_code}
          </dd>
        </>
      )}
      {order.note && (
        <>
          <dt>{words.note}</dt>
          <dd dir="auto">{order.note}</dd>
        </>
      )}
      <dt>{words.placed}</dt>
      <dd>{moment(order.placed_at, zone)}</dd>
      <dt>{words.number}</dt>
      <dd>
        <code class="small">{order.id}</code>
      </dd>
    </dl>
  );
}
