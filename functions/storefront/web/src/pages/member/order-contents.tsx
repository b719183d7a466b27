/** What an order is made of, and what has become of its money. */
import type { Order } from "../../api/types";
import { count, packName, rupiah } from "../../words/formats";
import { orderWords } from "../../words/orders";
import { Sums } from "./receipt";

export function Contents({ order }: { order: Order }) {
  const words = orderWords().order;
  const money = [
    [words.goods, order.goods_total],
    [words.fee, order.courier_fee],
  ] as const;
  return (
    <section class="card stack">
      <h2>{words.lines}</h2>
      <Sums
        rows={[
          ...order.lines.map((line) => [<Line key={line.offer_id} line={line} />, rupiah(line.subtotal)] as const),
          ...money.map(([name, amount]) => [name, rupiah(amount)] as const),
        ]}
        total={[words.total, rupiah(order.total)]}
      />
      {(order.paid > 0 || order.refunded > 0) && <Money order={order} />}
    </section>
  );
}

/** What was paid and returned, and what that leaves. */
function Money({ order }: { order: Order }) {
  const words = orderWords().order;
  const paid = [words.paid, rupiah(order.paid)] as const;
  if (order.balance === 0 && order.refunded === 0) return <Sums rows={[]} total={paid} />;
  const refunded = order.refunded > 0 ? [[words.refunded, rupiah(order.refunded)] as const] : [];
  const left = order.balance >= 0 ? words.balance : words.refundDue;
  return <Sums rows={[paid, ...refunded]} total={[left, rupiah(Math.abs(order.balance))]} />;
}

function Line({ line }: { line: Order["lines"][number] }) {
  const words = orderWords().order;
  const short = line.allocated !== null && line.allocated !== line.quantity;
  return (
    <span dir="auto">
      {count(line.quantity)} × {packName(line.name, line.weight_g)}
      {short && <span class="soft small"> · {words.granted(count(line.allocated ?? 0), count(line.quantity))}</span>}
    </span>
  );
}
