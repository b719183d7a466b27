/** What is shown at the desk. Once seen it stays on the device: there may be no network there. */
import { useRead } from "../../api/reading";
import type { Order } from "../../api/types";
import { Qr } from "../../parts/qr";
import { Shown } from "../../parts/states";
import { orderWords } from "../../words/orders";

const FETCHABLE = ["pending", "allocated", "at_dropoff"];

export function PickupCode({ order }: { order: Order }) {
  const wanted = order.fulfilment.method === "pickup" && order.status === "confirmed" && FETCHABLE.includes(order.fulfilment_status);
  const reading = useRead("/v1/orders/{order_id}/pickup-code", { path: { order_id: order.id }, keep: true, when: wanted });
  const words = orderWords().code;
  if (!wanted) return null;
  return (
    <section class="card stack">
      <h2>{words.title}</h2>
      <Shown reading={reading} rows={1}>
        {({ code, qr }) => (
          <>
            <output class="code number">{code}</output>
            <Qr text={qr} label={words.label} />
          </>
        )}
      </Shown>
      <p class="soft">{words.why}</p>
    </section>
  );
}
