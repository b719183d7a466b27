import type { ComponentChildren } from "preact";
import { useList } from "../../../api/list";
import type { Schemas, Wave } from "../../../api/types";
import { LinkButton } from "../../../parts/button";
import { Page } from "../../../parts/page";
import { Badge, Empty, Shown } from "../../../parts/states";
import { WaveBadge } from "../../../parts/wave-badge";
import { day, moment } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";
import { Timeline } from "./timeline";

type Draft = Schemas["PlannedWaveView"];
const OVER = ["completed", "cancelled"];

export function Waves() {
  const words = officeWaveWords().list;
  const drafts = useList("/v1/drafts", {});
  const waves = useList("/v1/waves", { every: 15_000 });
  return (
    <Page title={words.title} aside={<LinkButton href="/kantor/gelombang/baru">{words.fresh}</LinkButton>}>
      <Shown reading={drafts} rows={1}>
        {(items) => items.length > 0 && <Group title={words.drafts}>{items.map((wave) => <DraftCard key={wave.id} wave={wave} />)}</Group>}
      </Shown>
      <Shown reading={waves}>
        {(items) => {
          const running = items.filter((wave) => !OVER.includes(wave.state));
          const past = items.filter((wave) => OVER.includes(wave.state));
          return (
            <>
              {items.length === 0 && <Empty title={words.none}>{words.noneWhy}</Empty>}
              {running.length > 0 && <Group title={words.running}>{running.map((wave) => <Card key={wave.id} wave={wave} />)}</Group>}
              {past.length > 0 && <Group title={words.past}>{past.map((wave) => <Card key={wave.id} wave={wave} />)}</Group>}
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="stack tight">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function DraftCard({ wave }: { wave: Draft }) {
  const words = officeWaveWords();
  return (
    <article class="card stack tight">
      <div class="row apart">
        <h3>
          <a href={`/kantor/rancangan/${wave.id}`} dir="auto">
            {wave.name}
          </a>
        </h3>
        <Badge>{words.list.draft}</Badge>
      </div>
      <p class="soft small">
        {words.line.opens} {moment(wave.opens_at, wave.time_zone)} · {words.line.delivery} {day(wave.delivery_date)}
      </p>
    </article>
  );
}

function Card({ wave }: { wave: Wave }) {
  return (
    <article class="card stack tight">
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
  );
}
