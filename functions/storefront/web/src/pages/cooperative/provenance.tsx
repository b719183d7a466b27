/** Which of a product's fields came from the catalogue and which were set by hand; and its prices over time. */
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { forgetReads, useRead } from "../../api/reading";
import type { Schemas } from "../../api/types";
import { Button } from "../../parts/button";
import { Badge, ProblemNote, Shown } from "../../parts/states";
import { Table } from "../../parts/table";
import { cooperativeWords } from "../../words/cooperative";
import { moment, rupiah } from "../../words/formats";

type Product = Schemas["ProductView"];
type History = Schemas["HistoryView"];
const FIELDS = ["name", "commodity", "grade", "origin", "attributes"];

export function Provenance({ product, again }: { product: Product; again: () => Promise<void> }) {
  const words = cooperativeWords().product;
  const reading = useRead("/v1/catalog/products/{product_id}/history", { path: { product_id: product.id } });
  const [follow, following] = useAct(async (key, field: string) => {
    await send("post", "/v1/catalog/products/{product_id}/following", { path: { product_id: product.id }, body: { fields: [field] }, key });
    forgetReads("/v1/catalog/products");
    await Promise.all([reading.again(), again()]);
  });
  const { source } = product;
  return (
    <section class="stack">
      <h2>{words.source}</h2>
      <p>{source ? words.sourceWhy(source.system, moment(source.synced_at)) : words.noSource}</p>
      <ProblemNote problem={following.problem} />
      <Shown reading={reading}>
        {(history) => (
          <>
            {source && <Fields product={product} history={history} busy={following.busy} follow={(field) => void follow(field)} />}
            <Prices history={history} />
          </>
        )}
      </Shown>
    </section>
  );
}

interface FieldsProps {
  product: Product;
  history: History;
  busy: boolean;
  follow: (field: string) => void;
}

function Fields({ product, history, busy, follow }: FieldsProps) {
  const { product: words, fields, catalog } = cooperativeWords();
  const local = new Map(history.local.map((mark) => [mark.field, mark]));
  const called = (field: string) => (field.startsWith("packs/") ? `${catalog.packs} ${field.slice(6)}` : ((fields as Record<string, string>)[field] ?? field));
  const rows = [...new Set([...FIELDS, ...product.packs.map((pack) => `packs/${pack.sku}`), ...local.keys()])];
  return (
    <Table
      caption={words.source}
      rows={rows}
      rowKey={(field) => field}
      columns={[
        { title: words.field, cell: called },
        {
          title: words.from,
          cell: (field) => {
            const mark = local.get(field);
            return mark ? words.byHand(moment(mark.at), mark.by) : <Badge>{words.catalog}</Badge>;
          },
        },
        {
          title: words.follow,
          cell: (field) =>
            local.has(field) && (
              <Button kind="secondary" busy={busy} aria-label={`${words.follow}: ${called(field)}`} onClick={() => follow(field)}>
                {words.follow}
              </Button>
            ),
        },
      ]}
    />
  );
}

function Prices({ history }: { history: History }) {
  const words = cooperativeWords().product;
  if (history.prices.length === 0) return null;
  return (
    <Table
      caption={words.prices}
      rows={[...history.prices].reverse()}
      rowKey={(price) => `${price.sku}${price.at}${price.price}`}
      columns={[
        { title: words.sku, cell: (price) => price.sku },
        { title: words.price, cell: (price) => rupiah(price.price), number: true },
        { title: words.at, cell: (price) => moment(price.at) },
        { title: words.by, cell: (price) => price.by },
      ]}
    />
  );
}
