/** What goes to each drop-off: sent off, and followed until it was counted there. */
import { useState } from "preact/hooks";
import { send, url } from "../../api/client";
import { useList } from "../../api/list";
import { useNames } from "../../api/names";
import type { Schemas, Wave } from "../../api/types";
import { AskFirst } from "../../parts/ask-first";
import { CSV, Download, PRINT } from "../../parts/download";
import { TextField } from "../../parts/field";
import { Badge, Empty, Shown } from "../../parts/states";
import { Table } from "../../parts/table";
import { cooperativeWords } from "../../words/cooperative";
import { count, moment, packName, weight } from "../../words/formats";
import { inWord, stateWords } from "../../words/states";

type Consignment = Schemas["ConsignmentView"];

export function Consignments({ wave }: { wave: Wave }) {
  const words = cooperativeWords().consignments;
  const reading = useList("/v1/waves/{wave_id}/consignments", { path: { wave_id: wave.id }, every: 20_000 });
  return (
    <section class="stack tight">
      <h2>{words.title}</h2>
      <Shown reading={reading}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            items.map((one) => <Card key={one.id} consignment={one} zone={wave.time_zone} again={reading.again} />)
          )
        }
      </Shown>
    </section>
  );
}

interface CardProps {
  consignment: Consignment;
  zone: string;
  again: () => Promise<void>;
}

function Card({ consignment, zone, again }: CardProps) {
  const words = cooperativeWords().consignments;
  const dropoff = useNames("/v1/dropoffs")(consignment.dropoff_id);
  const { departed_at, arrived_at, received_at } = consignment;
  return (
    <article class="card stack tight">
      <div class="row apart">
        <h3>{dropoff}</h3>
        <Badge tone={consignment.state === "received" ? "good" : "note"}>{inWord(stateWords().consignment, consignment.state)}</Badge>
      </div>
      <p>{words.packs(count(consignment.packs), weight(consignment.weight_g))}</p>
      <ul class="small soft">
        {departed_at && <li>{words.departed(moment(departed_at, zone))}</li>}
        {arrived_at && <li>{words.arrived(moment(arrived_at, zone))}</li>}
        {received_at && <li>{words.received(moment(received_at, zone))}</li>}
      </ul>
      <Lines consignment={consignment} caption={`${words.title}: ${dropoff}`} />
      <div class="row">
        {consignment.state === "expected" && <Departure consignment={consignment} dropoff={dropoff} again={again} />}
        <Notes consignment={consignment} dropoff={dropoff} />
      </div>
    </article>
  );
}

function Lines({ consignment, caption }: { consignment: Consignment; caption: string }) {
  const words = cooperativeWords().consignments;
  return (
    <Table
      caption={caption}
      rows={consignment.lines}
      rowKey={(line) => line.offer_id}
      columns={[
        { title: words.item, cell: (line) => packName(line.name, line.weight_g) },
        { title: words.expected, cell: (line) => count(line.expected), number: true },
        { title: words.counted, cell: (line) => count(line.received), number: true },
        { title: words.damaged, cell: (line) => count(line.damaged), number: true },
      ]}
    />
  );
}

function Notes({ consignment, dropoff }: { consignment: Consignment; dropoff: string }) {
  const words = cooperativeWords().consignments;
  const address = url("/v1/consignments/{consignment_id}/dispatch-note", { path: { consignment_id: consignment.id } });
  return (
    <>
      <Download address={address} accept={PRINT} name={`${words.note} ${dropoff}.html`}>
        {words.note}
      </Download>
      <Download address={address} accept={CSV} name={`${words.note} ${dropoff}.csv`}>
        {words.noteCsv}
      </Download>
    </>
  );
}

function Departure({ consignment, dropoff, again }: { consignment: Consignment; dropoff: string; again: () => Promise<void> }) {
  const words = cooperativeWords().consignments;
  const [told, setTold] = useState({ vehicle: "", lot: "", load: "" });
  const kilograms = Number(told.load.replace(",", "."));
  const body = {
    vehicle: told.vehicle.trim() || null,
    lot: told.lot.trim() || null,
    load_g: told.load ? Math.round(kilograms * 1_000) : null,
  };
  return (
    <AskFirst
      label={words.depart}
      about={dropoff}
      kind="primary"
      title={words.departTitle(dropoff)}
      yes={words.yes}
      ready={!told.load || kilograms > 0}
      intent={body}
      act={async (key) => {
        await send("post", "/v1/consignments/{consignment_id}/departure", { path: { consignment_id: consignment.id }, body, key });
        await again();
      }}
    >
      <TextField label={words.vehicle} hint={words.vehicleHint} value={told.vehicle} onValue={(vehicle) => setTold({ ...told, vehicle })} />
      <TextField label={words.lot} hint={words.lotHint} value={told.lot} onValue={(lot) => setTold({ ...told, lot })} />
      <TextField label={words.load} hint={words.loadHint} inputMode="decimal" value={told.load} onValue={(load) => setTold({ ...told, load })} />
    </AskFirst>
  );
}
