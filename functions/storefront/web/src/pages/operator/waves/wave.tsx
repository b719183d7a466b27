import { useRoute } from "preact-iso";
import { useNames } from "../../../api/names";
import { useRead } from "../../../api/reading";
import type { Wave } from "../../../api/types";
import { LinkButton } from "../../../parts/button";
import { Page } from "../../../parts/page";
import { Notice, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { WaveBadge } from "../../../parts/wave-badge";
import { count, packName, rupiah } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";
import { Acts } from "./acts";
import { Allocation } from "./allocation";
import { Divergences } from "./divergences";
import { Live } from "./live";
import { Stock } from "./stock";
import { SupplyForThem } from "./supply-for-them";
import { Timeline } from "./timeline";

export function WavePage() {
  const { wave_id = "" } = useRoute().params;
  const words = officeWaveWords().page;
  const reading = useRead("/v1/waves/{wave_id}", { path: { wave_id }, every: 15_000 });
  return (
    <Page
      title={reading.value?.name ?? officeWaveWords().list.title}
      back={{ href: "/kantor/gelombang", label: words.back }}
      aside={reading.value && <WaveBadge state={reading.value.state} />}
    >
      <Shown reading={reading}>{(wave) => <Whole wave={wave} again={reading.again} />}</Shown>
    </Page>
  );
}

function Whole({ wave, again }: { wave: Wave; again: () => Promise<void> }) {
  const words = officeWaveWords().page;
  const closing = useRead("/v1/waves/{wave_id}/closing", { path: { wave_id: wave.id }, every: 15_000 });
  const nameOf = useNames("/v1/cooperatives");
  const known = closing.value;
  const awaited = known?.supply_awaited_from.map(nameOf).join(", ");
  const allAgain = async () => void (await Promise.all([again(), closing.again()]));
  return (
    <>
      {wave.cancellation && <Notice tone="bad">{words.cancelled(wave.cancellation.reason)}</Notice>}
      <Timeline wave={wave} closing={known} {...(awaited ? { awaited } : {})} />
      <div class="row">
        <LinkButton kind="secondary" href={`/kantor/gelombang/${wave.id}/laporan`}>
          {words.report}
        </LinkButton>
        <Acts wave={wave} again={allAgain} />
      </div>
      {wave.state !== "scheduled" && <Live wave={wave} />}
      <Divergences wave={wave} />
      <Offers wave={wave} />
      {known?.step === "supply" && <SupplyForThem wave={wave} again={allAgain} />}
      {["allocated", "delivering", "completed"].includes(wave.state) && <Allocation wave={wave} />}
      <Stock wave={wave} />
    </>
  );
}

function Offers({ wave }: { wave: Wave }) {
  const words = officeWaveWords().page;
  const many = (packs: number | null) => (packs === null ? words.unlimited : count(packs));
  return (
    <Table
      caption={words.offers}
      rows={wave.offers}
      rowKey={(offer) => offer.id}
      columns={[
        { title: words.product, cell: (offer) => packName(offer.name, offer.weight_g) },
        { title: words.price, cell: (offer) => rupiah(offer.price), number: true },
        { title: words.quota, cell: (offer) => many(offer.quota), number: true },
        { title: words.remaining, cell: (offer) => many(offer.remaining), number: true },
      ]}
    />
  );
}
