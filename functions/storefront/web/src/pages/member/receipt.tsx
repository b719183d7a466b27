/** What it adds up to. */
import type { ComponentChildren } from "preact";
import { count, packName, rupiah, weight } from "../../words/formats";
import { shopWords } from "../../words/shop";
import { type Chosen, sum } from "./basket";

export function Receipt({ lines, fee }: { lines: readonly Chosen[]; fee: number }) {
  const words = shopWords().checkout;
  const all = sum(lines);
  return (
    <Sums
      rows={[
        ...lines.map(({ offer, packs }) => [`${count(packs)} × ${packName(offer.name, offer.weight_g)}`, rupiah(packs * offer.price)] as const),
        [`${words.goods} (${weight(all.grams)})`, rupiah(all.goods)],
        [words.fee, rupiah(fee)],
      ]}
      total={[words.total, rupiah(all.goods + fee)]}
    />
  );
}

type Row = readonly [ComponentChildren, ComponentChildren];

export function Sums({ rows, total }: { rows: readonly Row[]; total: Row }) {
  return (
    <dl class="receipt">
      {rows.map(([name, amount], place) => (
        <Pair key={place} name={name} amount={amount} />
      ))}
      <Pair total name={total[0]} amount={total[1]} />
    </dl>
  );
}

function Pair({ name, amount, total }: { name: ComponentChildren; amount: ComponentChildren; total?: boolean }) {
  const looks = total ? "total" : undefined;
  return (
    <>
      <dt class={looks}>{name}</dt>
      <dd class={looks}>{amount}</dd>
    </>
  );
}
