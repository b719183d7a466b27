import { SectionNav } from "../../../parts/section-nav";
import { officeRegistryWords } from "../../../words/office-registry";

export function RegistryNav() {
  const words = officeRegistryWords();
  return (
    <SectionNav
      label={words.nav}
      links={[
        { href: "/kantor/daftar/titik", label: words.dropoffs.title },
        { href: "/kantor/daftar/instansi", label: words.institutions.title },
        { href: "/kantor/daftar/koperasi", label: words.cooperatives.title },
      ]}
    />
  );
}
