import { useState } from "preact/hooks";
import { useRead } from "../../api/reading";
import type { Order } from "../../api/types";
import { Button, LinkButton } from "../../parts/button";
import { Page } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { moment, rupiah } from "../../words/formats";
import { orderWords } from "../../words/orders";
import { StatusBadge } from "./order-status";

export function Orders() {
  const words = orderWords().list;
  return (
    <Page title={words.title}>
      <PageOfOrders first />
    </Page>
  );
}

function PageOfOrders({ cursor, first }: { cursor?: string; first?: boolean }) {
  const words = orderWords().list;
  const [more, setMore] = useState(false);
  const reading = useRead("/v1/orders", { query: { limit: 20, cursor }, keep: true, ...(first ? { every: 30_000 } : {}) });
  return (
    <Shown reading={reading}>
      {({ items, next_cursor }) => (
        <>
          {first && items.length === 0 && <None />}
          <ul class="cards">
            {items.map((order) => (
              <li key={order.id}>
                <OrderCard order={order} />
              </li>
            ))}
          </ul>
          {next_cursor && more && <PageOfOrders cursor={next_cursor} />}
          {next_cursor && !more && (
            <Button kind="secondary" onClick={() => setMore(true)}>
              {words.more}
            </Button>
          )}
        </>
      )}
    </Shown>
  );
}

function None() {
  const words = orderWords().list;
  return (
    <Empty title={words.none}>
      <span class="soft">{words.noneWhy}</span>
      <LinkButton href="/gelombang">{words.toWaves}</LinkButton>
    </Empty>
  );
}

function OrderCard({ order }: { order: Order }) {
  const lines = order.lines.filter((line) => line.quantity > 0);
  return (
    <a class="card stack tight" href={`/pesanan/${order.id}`}>
      <span class="row apart">
        <strong class="number">{rupiah(order.total)}</strong>
        <StatusBadge order={order} />
      </span>
      <span>{lines.map((line) => `${line.quantity} × ${line.name}`).join(", ")}</span>
      <span class="soft small">{moment(order.placed_at)}</span>
    </a>
  );
}
