import { Route, Router } from "preact-iso";
import { For } from "../../app/guard";
import { SectionNav } from "../../parts/section-nav";
import { officeWords } from "../../words/office";
import { NotFound } from "../not-found";
import { Catalog } from "./catalog";
import { Money } from "./money";
import { Registry } from "./registry";
import { Start } from "./start";
import { DraftPage } from "./waves/draft";
import { Waves } from "./waves/list";
import { PlanPage } from "./waves/plan-page";
import { WaveReport } from "./waves/report";
import { WavePage } from "./waves/wave";

export default function OperatorPages() {
  const words = officeWords();
  return (
    <For roles={["operator"]}>
      <SectionNav
        label={words.nav}
        links={[
          { href: "/kantor", label: words.home, exact: true },
          { href: "/kantor/gelombang", label: words.waves },
          { href: "/kantor/uang/pengembalian", under: "/kantor/uang", label: words.money },
          { href: "/kantor/katalog/sinkronisasi", under: "/kantor/katalog", label: words.catalog },
          { href: "/kantor/daftar/titik", under: "/kantor/daftar", label: words.registry },
        ]}
      />
      <Router>
        <Route path="/" component={Start} />
        <Route path="/gelombang" component={Waves} />
        <Route path="/gelombang/baru" component={PlanPage} />
        <Route path="/gelombang/:wave_id" component={WavePage} />
        <Route path="/gelombang/:wave_id/laporan" component={WaveReport} />
        <Route path="/katalog/*" component={Catalog} />
        <Route path="/daftar/*" component={Registry} />
        <Route path="/uang/*" component={Money} />
        <Route path="/rancangan/:wave_id" component={DraftPage} />
        <Route path="/rancangan/:wave_id/ubah" component={PlanPage} />
        <Route default component={NotFound} />
      </Router>
    </For>
  );
}
