import { useList } from "../../api/list";
import { Page } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { WaveBadge } from "../../parts/wave-badge";
import { officeWords } from "../../words/office";
import { ToDo } from "./to-do";
import { Timeline } from "./waves/timeline";

const UNDER_WAY = ["scheduled", "open", "closed", "allocated", "delivering"];

export function Start() {
  const words = officeWords().start;
  return (
    <Page title={words.title}>
      <ToDo />
      <UnderWay />
    </Page>
  );
}

function UnderWay() {
  const words = officeWords().start;
  const reading = useList("/v1/waves", { every: 15_000 });
  return (
    <section class="stack tight">
      <h2>{words.now}</h2>
      <Shown reading={reading} rows={2}>
        {(items) => {
          const waves = items.filter((wave) => UNDER_WAY.includes(wave.state));
          if (waves.length === 0) return <Empty title={words.noWave} />;
          return waves.map((wave) => (
            <article class="card stack tight" key={wave.id}>
              <div class="row apart">
                <h3>
                  <a href={`/kantor/gelombang/${wave.id}`} dir="auto">
                    {wave.name}
                  </a>
                </h3>
                <WaveBadge state={wave.state} />
              </div>
              <Timeline wave={wave} />
            </article>
          ));
        }}
      </Shown>
    </section>
  );
}
