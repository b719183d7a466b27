import { SectionNav } from "../../../parts/section-nav";
import { officeCatalogWords } from "../../../words/office-catalog";

export function CatalogNav() {
  const words = officeCatalogWords();
  return (
    <SectionNav
      label={words.nav}
      links={[
        { href: "/kantor/katalog/sinkronisasi", label: words.sources.title },
        { href: "/kantor/katalog/karantina", label: words.quarantine.title },
        { href: "/kantor/katalog/pemasok", label: words.suppliers.title },
        { href: "/kantor/katalog/harga", label: words.market.title },
      ]}
    />
  );
}
