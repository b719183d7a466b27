/** Where a courier is with the goods. */
import { useRead } from "../../api/reading";
import type { Delivery, Order } from "../../api/types";
import { ProblemNote } from "../../parts/states";
import { moment } from "../../words/formats";
import { orderWords } from "../../words/orders";

const ON_THE_WAY = ["at_dropoff", "dispatched", "delivered", "failed"];

export function DeliverySection({ order }: { order: Order }) {
  const wanted = order.fulfilment.method === "courier" && ON_THE_WAY.includes(order.fulfilment_status);
  const path = { order_id: order.id };
  const reading = useRead("/v1/orders/{order_id}/delivery", { path, every: 15_000, keep: true, when: wanted });
  const words = orderWords().delivery;
  if (!wanted) return null;
  const none = reading.problem?.code === "not_found";
  return (
    <section class="card stack">
      <h2>{words.title}</h2>
      {none && <p class="soft">{words.none}</p>}
      {!none && <ProblemNote problem={reading.value ? undefined : reading.problem} again={() => void reading.again()} />}
      {reading.value && <Trip delivery={reading.value} />}
    </section>
  );
}

function Trip({ delivery }: { delivery: Delivery }) {
  const words = orderWords().delivery;
  const [stop] = delivery.stops;
  const status = (words.status as Record<string, string>)[delivery.status] ?? delivery.status;
  return (
    <>
      <p role="status">
        <strong>{status}</strong>
      </p>
      <dl class="facts">
        {delivery.rider && (
          <>
            <dt>{words.rider}</dt>
            <dd dir="auto">
              {delivery.rider.name} {delivery.rider.plate}
            </dd>
          </>
        )}
        {stop && !delivery.ended_at && (
          <>
            <dt>{words.eta}</dt>
            <dd>{moment(stop.eta)}</dd>
          </>
        )}
        {delivery.proof?.receiver && (
          <>
            <dt>{words.receiver}</dt>
            <dd dir="auto">{delivery.proof.receiver}</dd>
          </>
        )}
      </dl>
      {delivery.tracking_url?.startsWith("https://") && (
        <p>
          <a href={delivery.tracking_url} rel="noreferrer" target="_blank">
            {words.track}
          </a>
        </p>
      )}
    </>
  );
}
