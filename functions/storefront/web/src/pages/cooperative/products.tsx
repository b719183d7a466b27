import { useList } from "../../api/list";
import type { Cooperative, Schemas } from "../../api/types";
import { LinkButton } from "../../parts/button";
import { Page } from "../../parts/page";
import { Badge, Empty, Shown } from "../../parts/states";
import { cooperativeWords } from "../../words/cooperative";
import { count, rupiah, weight } from "../../words/formats";
import { inWord } from "../../words/states";
import { Own } from "./own";

type Product = Schemas["ProductView"];

export function Products() {
  const words = cooperativeWords().catalog;
  return (
    <Page title={words.title} aside={<LinkButton href="/koperasi/produk/baru">{words.add}</LinkButton>}>
      <Own>{(own) => own.map((cooperative) => <Of key={cooperative.id} cooperative={cooperative} />)}</Own>
    </Page>
  );
}

function Of({ cooperative }: { cooperative: Cooperative }) {
  const words = cooperativeWords().catalog;
  const reading = useList("/v1/catalog/products", { query: { cooperative_id: cooperative.id } });
  return (
    <section class="stack">
      <h2>{cooperative.name}</h2>
      <Shown reading={reading}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <ul class="cards">
              {items.map((product) => (
                <li key={product.id}>
                  <Card product={product} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}

function Card({ product }: { product: Product }) {
  const words = cooperativeWords();
  return (
    <article class="card stack tight">
      <h3>
        <a href={`/koperasi/produk/${product.id}`} dir="auto">
          {product.name}
        </a>
      </h3>
      <p class="row">
        <Badge>{inWord(words.commodities, product.commodity)}</Badge>
        {product.state !== "active" && <Badge tone="warn">{words.catalog.inactive}</Badge>}
        <span class="soft small">{product.source ? words.catalog.from(product.source.system) : words.catalog.own}</span>
        {product.local_fields.length > 0 && <span class="soft small">{words.catalog.local(count(product.local_fields.length))}</span>}
      </p>
      <ul>
        {product.packs.map((pack) => (
          <li key={pack.sku} class="number">
            {weight(pack.weight_g)} · {rupiah(pack.price)}
          </li>
        ))}
      </ul>
    </article>
  );
}
