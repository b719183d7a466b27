import { Route, Router } from "preact-iso";
import { For } from "../../app/guard";
import { SectionNav } from "../../parts/section-nav";
import { cooperativeWords } from "../../words/cooperative";
import { NotFound } from "../not-found";
import { Product } from "./product";
import { Products } from "./products";
import { Settlements } from "./settlements";
import { Start } from "./start";
import { WavePage } from "./wave";

export default function CooperativePages() {
  const words = cooperativeWords();
  return (
    <For roles={["cooperative"]}>
      <SectionNav
        label={words.nav}
        links={[
          { href: "/koperasi", label: words.home, exact: true },
          { href: "/koperasi/pembayaran", label: words.settlements },
          { href: "/koperasi/produk", label: words.products },
        ]}
      />
      <Router>
        <Route path="/" component={Start} />
        <Route path="/gelombang/:wave_id" component={WavePage} />
        <Route path="/pembayaran" component={Settlements} />
        <Route path="/produk" component={Products} />
        <Route path="/produk/:product_id" component={Product} />
        <Route default component={NotFound} />
      </Router>
    </For>
  );
}
