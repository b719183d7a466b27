import { useLocation, useRoute } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { forgetReads, useRead } from "../../api/reading";
import type { Schemas } from "../../api/types";
import { Page } from "../../parts/page";
import { Notice, Shown } from "../../parts/states";
import { cooperativeWords } from "../../words/cooperative";
import { Own } from "./own";
import { changedFields, draftOf, type Draft, FRESH, packsOf } from "./product-draft";
import { ProductFields } from "./product-fields";
import { Provenance } from "./provenance";

type ProductView = Schemas["ProductView"];

export function Product() {
  const { product_id = "" } = useRoute().params;
  const words = cooperativeWords().product;
  const fresh = product_id === "baru";
  const path = { product_id };
  const reading = useRead("/v1/catalog/products/{product_id}", { path, when: !fresh });
  const product = reading.value as unknown as ProductView | undefined;
  return (
    <Page title={fresh ? words.fresh : (product?.name ?? words.name)} back={{ href: "/koperasi/produk", label: words.back }}>
      {fresh ? (
        <Own>{([own]) => <Add cooperativeId={own!.id} />}</Own>
      ) : (
        <Shown reading={reading}>{() => <Edit product={product!} again={reading.again} />}</Shown>
      )}
    </Page>
  );
}

function Add({ cooperativeId }: { cooperativeId: string }) {
  const { route } = useLocation();
  const [draft, setDraft] = useState<Draft>(FRESH);
  const [add, adding] = useAct(async (key, told: Draft) => {
    const body = { cooperative_id: cooperativeId, ...told, grade: told.grade || null, origin: told.origin || null, packs: packsOf(told) };
    const made = await send("post", "/v1/catalog/products", { body: body as Schemas["NewProduct"], key });
    forgetReads("/v1/catalog/products");
    route(`/koperasi/produk/${made.id}`);
  });
  return <ProductFields draft={draft} onDraft={setDraft} acting={adding} save={() => void add(draft)} />;
}

function Edit({ product, again }: { product: ProductView; again: () => Promise<void> }) {
  const words = cooperativeWords().product;
  const [draft, setDraft] = useState<Draft>(draftOf(product));
  const [saved, setSaved] = useState(false);
  const now = JSON.stringify(product);
  const changes = changedFields(draftOf(product), draft);
  useEffect(() => setDraft(draftOf(product)), [now]);
  const [save, saving] = useAct(async (key, body: Schemas["ProductEdit"]) => {
    await send("patch", "/v1/catalog/products/{product_id}", { path: { product_id: product.id }, body, key });
    forgetReads("/v1/catalog/products");
    setSaved(true);
    await again();
  });
  return (
    <>
      <ProductFields draft={draft} onDraft={setDraft} acting={saving} unchanged={!changes} save={() => changes && void save(changes)} />
      <div role="status">{saved && !changes && <Notice tone="good">{words.saved}</Notice>}</div>
      <Provenance key={now} product={product} again={again} />
    </>
  );
}
