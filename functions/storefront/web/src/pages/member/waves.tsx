import { useRead } from "../../api/reading";
import type { Wave } from "../../api/types";
import { Countdown } from "../../parts/countdown";
import { Page } from "../../parts/page";
import { Badge, Empty, Shown } from "../../parts/states";
import { day, perKilogram } from "../../words/formats";
import { shopWords } from "../../words/shop";
import { stateNow } from "./wave-state";

const LOOK_EVERY = 30_000;

export function Waves() {
  const words = shopWords().waves;
  const reading = useRead("/v1/waves", { query: { limit: 50 }, every: LOOK_EVERY, keep: true });
  return (
    <Page title={words.title}>
      <p class="soft">{words.lead}</p>
      <Shown reading={reading}>{({ items }) => <Groups waves={items} />}</Shown>
    </Page>
  );
}

function Groups({ waves }: { waves: readonly Wave[] }) {
  const words = shopWords().waves;
  const groups = [
    { title: words.open, waves: waves.filter((wave) => stateNow(wave) === "open") },
    { title: words.coming, waves: waves.filter((wave) => stateNow(wave) === "scheduled") },
    { title: words.past, waves: waves.filter((wave) => !["open", "scheduled"].includes(stateNow(wave))) },
  ];
  if (groups[0]!.waves.length + groups[1]!.waves.length === 0) {
    return (
      <>
        <Empty title={words.none}>
          <span class="soft">{words.noneWhy}</span>
        </Empty>
        <Group {...groups[2]!} />
      </>
    );
  }
  return (
    <>
      {groups.map((group) => (
        <Group key={group.title} {...group} />
      ))}
    </>
  );
}

function Group({ title, waves }: { title: string; waves: readonly Wave[] }) {
  if (waves.length === 0) return null;
  return (
    <section class="stack tight">
      <h2>{title}</h2>
      <ul class="cards">
        {waves.map((wave) => (
          <li key={wave.id}>
            <WaveCard wave={wave} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function WaveCard({ wave }: { wave: Wave }) {
  const words = shopWords();
  const state = stateNow(wave);
  const cheapest = Math.min(...wave.offers.map((offer) => offer.price / offer.weight_g));
  return (
    <a class="card stack tight" href={`/gelombang/${wave.id}`}>
      <span class="row apart">
        <h3>{wave.name}</h3>
        <StateBadge wave={wave} />
      </span>
      {Number.isFinite(cheapest) && <strong class="price">{words.waves.from(perKilogram(cheapest * 1_000, 1_000))}</strong>}
      <span class="soft">{words.waves.delivery(day(wave.delivery_date))}</span>
      {state === "open" && (
        <span>
          {words.waves.closesIn} <Countdown to={wave.closes_at} />
        </span>
      )}
      {state === "scheduled" && (
        <span>
          {words.waves.opensIn} <Countdown to={wave.opens_at} />
        </span>
      )}
    </a>
  );
}

export function StateBadge({ wave }: { wave: Wave }) {
  const words = shopWords().state as Record<string, string>;
  const state = stateNow(wave);
  return <Badge {...(state === "open" ? { tone: "good" as const } : {})}>{words[state] ?? state}</Badge>;
}
