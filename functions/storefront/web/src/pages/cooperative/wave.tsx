import { useRoute } from "preact-iso";
import { useRead } from "../../api/reading";
import type { Cooperative, Wave } from "../../api/types";
import { CSV, Download, PRINT } from "../../parts/download";
import { Page } from "../../parts/page";
import { Empty, Notice, ProblemNote, Shown } from "../../parts/states";
import { WaveBadge } from "../../parts/wave-badge";
import { cooperativeWords } from "../../words/cooperative";
import { Consignments } from "./consignments";
import { DemandTable } from "./demand";
import { Own } from "./own";
import { Supply } from "./supply";

export function WavePage() {
  const { wave_id = "" } = useRoute().params;
  const words = cooperativeWords();
  const reading = useRead("/v1/waves/{wave_id}", { path: { wave_id }, every: 15_000 });
  return (
    <Page
      title={reading.value?.name ?? words.home}
      back={{ href: "/koperasi", label: words.wave.back }}
      aside={reading.value && <WaveBadge state={reading.value.state} />}
    >
      <Shown reading={reading}>{(wave) => <Own>{(own) => <Work wave={wave} own={own} />}</Own>}</Shown>
    </Page>
  );
}

function Work({ wave, own }: { wave: Wave; own: readonly Cooperative[] }) {
  const words = cooperativeWords().wave;
  const reading = useRead("/v1/waves/{wave_id}/demand", { path: { wave_id: wave.id }, every: 15_000 });
  const demand = reading.value;
  if (reading.problem?.code === "invalid_state") return <Notice>{words.before}</Notice>;
  return (
    <>
      <ProblemNote problem={demand ? undefined : reading.problem} again={() => void reading.again()} />
      {!reading.problem && (
        <Shown reading={reading}>
          {(known) =>
            known.items.length === 0 ? (
              <Empty title={words.noDemand} />
            ) : (
              <>
                <DemandTable demand={known} wave={wave} />
                <Supply demand={known} wave={wave} again={reading.again} />
                <Orders wave={wave} own={own} />
                <Consignments wave={wave} />
              </>
            )
          }
        </Shown>
      )}
    </>
  );
}

function Orders({ wave, own }: { wave: Wave; own: readonly Cooperative[] }) {
  const words = cooperativeWords().wave;
  const issued = ["allocated", "delivering", "completed"].includes(wave.state);
  return (
    <section class="stack tight">
      <h2>{words.order}</h2>
      {!issued && <p class="soft">{words.notYetOrder}</p>}
      {issued &&
        own
          .filter((cooperative) => wave.offers.some((offer) => offer.cooperative_id === cooperative.id))
          .map((cooperative) => {
            const address = `/v1/waves/${wave.id}/purchase-orders?cooperative_id=${cooperative.id}`;
            const name = `${words.order} ${wave.name} ${cooperative.name}`;
            return (
              <div class="row" key={cooperative.id}>
                <Download address={address} accept={PRINT} name={`${name}.html`}>
                  {words.orderPrint}
                </Download>
                <Download address={address} accept={CSV} name={`${name}.csv`}>
                  {words.orderCsv}
                </Download>
              </div>
            );
          })}
    </section>
  );
}
