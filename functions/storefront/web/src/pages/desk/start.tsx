/** Where a person in charge starts: own drop-offs, their waves, and what there is to do. */
import { useRead } from "../../api/reading";
import { serverNow } from "../../api/server-time";
import type { Dropoff, Wave } from "../../api/types";
import { LinkButton } from "../../parts/button";
import { Page } from "../../parts/page";
import { Badge, Empty, Shown } from "../../parts/states";
import { deskWords } from "../../words/desk";
import { count, day, moment, rupiah } from "../../words/formats";
import { stateAt } from "../member/wave-state";
import { useCooperatives } from "./cooperatives";
import { deskPath, type DeskPageName, useConsignments, useInstitutions, useManifest, useOrders, useOwnDropoffs, useWaves } from "./desk";
import { useTakenAlong } from "./taken-along";

const STATES = ["open", "closed", "allocated", "delivering", "scheduled", "completed"] as const;
type State = (typeof STATES)[number];
const AT_WORK: readonly string[] = ["open", "closed", "allocated", "delivering"];

export function Start() {
  const words = deskWords().start;
  const dropoffs = useOwnDropoffs();
  const waves = useWaves();
  useInstitutions(); // both are taken along: orders and counts may come where there is no network
  useCooperatives();
  return (
    <Page title={words.title}>
      <Shown reading={dropoffs}>
        {(own) =>
          own.length === 0 ? (
            <Empty title={words.noDropoff}>
              <span class="soft">{words.noDropoffWhy}</span>
            </Empty>
          ) : (
            <Shown reading={waves}>{(all) => <>{own.map((dropoff) => <DropoffDesk key={dropoff.id} dropoff={dropoff} waves={all} />)}</>}</Shown>
          )
        }
      </Shown>
    </Page>
  );
}

function DropoffDesk({ dropoff, waves }: { dropoff: Dropoff; waves: readonly Wave[] }) {
  const words = deskWords().start;
  const here = waves.filter((wave) => wave.dropoff_ids.includes(dropoff.id));
  const atWork = here.filter((wave) => AT_WORK.includes(stateOf(wave)));
  const others = here.filter((wave) => !AT_WORK.includes(stateOf(wave)) && wave.state !== "cancelled");
  return (
    <section class="stack tight">
      <div class="row apart">
        <div>
          <h2 dir="auto">{dropoff.name}</h2>
          <p class="soft small" dir="auto">
            {dropoff.address}
          </p>
        </div>
        <CashLink dropoff={dropoff} />
      </div>
      {atWork.length === 0 && (
        <Empty title={words.noWave}>
          <span class="soft">{words.noWaveWhy}</span>
        </Empty>
      )}
      <ul class="cards">
        {atWork.map((wave) => (
          <li class="card stack tight" key={wave.id}>
            <WaveAtWork dropoff={dropoff} wave={wave} />
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <details>
          <summary>{words.others(count(others.length))}</summary>
          <ul>
            {others.map((wave) => (
              <li key={wave.id}>
                <a href={deskPath(dropoff.id, wave.id, "pesanan")}>{wave.name}</a>, {day(wave.delivery_date)} · {words.states[stateOf(wave)]}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function CashLink({ dropoff }: { dropoff: Dropoff }) {
  const words = deskWords().start;
  const { value } = useRead("/v1/dropoffs/{dropoff_id}/cash", { path: { dropoff_id: dropoff.id }, keep: true });
  return (
    <LinkButton kind="secondary" href={`/loket/${dropoff.id}/kas`}>
      {words.cash} {value && <span class="number">{rupiah(value.on_hand)}</span>}
    </LinkButton>
  );
}

function WaveAtWork({ dropoff, wave }: { dropoff: Dropoff; wave: Wave }) {
  const words = deskWords();
  const state = stateOf(wave);
  const to = (page: DeskPageName) => deskPath(dropoff.id, wave.id, page);
  return (
    <>
      <span class="row apart">
        <h3 dir="auto">{wave.name}</h3>
        <Badge {...(state === "open" || state === "delivering" ? { tone: "good" as const } : {})}>{words.start.states[state]}</Badge>
      </span>
      <span class="soft small">
        {state === "open" ? words.start.closes(moment(wave.closes_at, wave.time_zone)) : words.start.arrives(day(wave.delivery_date))}
      </span>
      {state === "open" || state === "closed" ? (
        <ul class="todo">
          {state === "open" && (
            <li>
              <a href={to("pesan")}>{words.pages.pesan}</a>
            </li>
          )}
          <Unpaid dropoff={dropoff} wave={wave} href={to("pesanan")} />
        </ul>
      ) : (
        <ul class="todo">
          <Uncounted dropoff={dropoff} wave={wave} href={to("terima")} />
          <Unfetched dropoff={dropoff} wave={wave} serve={to("serah")} send={to("kirim")} />
          <li>
            <a href={to("pesanan")}>{words.pages.pesanan}</a>
          </li>
        </ul>
      )}
    </>
  );
}

function Unpaid({ dropoff, wave, href }: { dropoff: Dropoff; wave: Wave; href: string }) {
  const words = deskWords();
  const unpaid = useOrders(dropoff.id, wave.id).value?.filter((order) => order.status === "placed").length;
  return <Todo href={href} label={words.pages.pesanan} number={unpaid === undefined ? undefined : words.start.unpaid(count(unpaid))} busy={Boolean(unpaid)} />;
}

function Uncounted({ dropoff, wave, href }: { dropoff: Dropoff; wave: Wave; href: string }) {
  const words = deskWords();
  const left = useConsignments(dropoff.id, wave.id).value?.filter((one) => one.state !== "received").length;
  return <Todo href={href} label={words.pages.terima} number={left === undefined ? undefined : words.start.uncounted(count(left))} busy={Boolean(left)} />;
}

function Unfetched({ dropoff, wave, serve, send }: { dropoff: Dropoff; wave: Wave; serve: string; send: string }) {
  const words = deskWords();
  const { value } = useManifest(dropoff.id, wave.id);
  useTakenAlong(dropoff.id, wave.id);
  const there = value?.items.filter((row) => row.fulfilment_status === "at_dropoff") ?? [];
  const fetched = there.filter((row) => row.method === "pickup").length;
  return (
    <>
      <Todo href={serve} label={words.pages.serah} number={value && words.start.unfetched(count(fetched))} busy={fetched > 0} />
      <Todo href={send} label={words.pages.kirim} number={value && words.start.unsent(count(there.length - fetched))} busy={there.length > fetched} />
    </>
  );
}

function Todo({ href, label, number, busy }: { href: string; label: string; number: string | undefined; busy: boolean }) {
  return (
    <li>
      <a href={href}>
        <span>{label}</span> {number && <Badge {...(busy ? { tone: "warn" as const } : {})}>{number}</Badge>}
      </a>
    </li>
  );
}

function stateOf(wave: Wave): State {
  const state = stateAt(wave, serverNow());
  return STATES.find((one) => one === state) ?? "completed";
}
