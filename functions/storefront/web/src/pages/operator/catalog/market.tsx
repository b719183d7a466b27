import { useState } from "preact/hooks";
import { useList } from "../../../api/list";
import { useRead } from "../../../api/reading";
import { SelectField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { cooperativeWords } from "../../../words/cooperative";
import { count, moment, packName, rupiah } from "../../../words/formats";
import { officeCatalogWords } from "../../../words/office-catalog";
import { inWord } from "../../../words/states";
import { CatalogNav } from "./nav";

const ZONES = ["I", "II", "III"];

export function Market() {
  const words = officeCatalogWords().market;
  const reading = useRead("/v1/catalog/market", {});
  return (
    <Page title={words.title}>
      <CatalogNav />
      <p class="soft">{words.why}</p>
      <Shown reading={reading}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={words.none} />
          ) : (
            <Table
              caption={words.title}
              rows={items}
              rowKey={(price) => `${price.commodity}${price.grade}`}
              columns={[
                { title: words.commodity, cell: (price) => inWord(cooperativeWords().commodities, price.commodity) },
                { title: words.grade, cell: (price) => price.grade ?? "–" },
                { title: words.median, cell: (price) => (price.median_per_kg === null ? "–" : rupiah(price.median_per_kg)), number: true },
                { title: words.purchases, cell: (price) => count(price.purchases), number: true },
                { title: words.read, cell: (price) => moment(price.read_at) },
              ]}
            />
          )
        }
      </Shown>
      <AboveCeiling />
    </Page>
  );
}

function AboveCeiling() {
  const words = officeCatalogWords().market;
  const [zone, setZone] = useState("I");
  const list = useList("/v1/catalog/above-ceiling", { query: { zone } });
  return (
    <section class="stack">
      <h2>{words.ceiling}</h2>
      <SelectField label={words.zone} value={zone} onValue={setZone} options={ZONES.map((value) => ({ value, label: value }))} />
      <Shown reading={list}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.noneAbove} />
          ) : (
            <Table
              caption={words.ceiling}
              rows={items}
              rowKey={(pack) => `${pack.product_id}${pack.sku}`}
              columns={[
                { title: words.product, cell: (pack) => packName(pack.name, pack.weight_g) },
                { title: words.price, cell: (pack) => rupiah(pack.price), number: true },
                { title: words.perKg, cell: (pack) => rupiah(pack.ceiling_per_kg), number: true },
                { title: words.regulation, cell: (pack) => pack.regulation },
              ]}
            />
          )
        }
      </Shown>
      <More list={list} />
    </section>
  );
}
