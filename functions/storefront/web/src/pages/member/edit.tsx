import { useLocation, useRoute } from "preact-iso";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { forgetReads, useRead } from "../../api/reading";
import { second } from "../../api/server-time";
import type { Order, Wave } from "../../api/types";
import { useKept } from "../../app/keeping";
import { Button } from "../../parts/button";
import { TextField } from "../../parts/field";
import { Page } from "../../parts/page";
import { Notice, ProblemNote, Shown } from "../../parts/states";
import { orderWords } from "../../words/orders";
import { shopWords } from "../../words/shop";
import { chosen, fulfilmentOf, NO_ADDRESS, priceOf, type Receiving } from "./basket";
import { Offers } from "./offers";
import { Receipt } from "./receipt";
import { ReceivingFields } from "./receiving-fields";
import { stateNow } from "./wave-state";

export function Edit() {
  const { order_id = "" } = useRoute().params;
  const words = orderWords().edit;
  const order = useRead("/v1/orders/{order_id}", { path: { order_id } });
  const wave = useRead("/v1/waves/{wave_id}", {
    path: { wave_id: order.value?.wave_id ?? "" },
    when: Boolean(order.value),
    every: 10_000,
  });
  return (
    <Page title={words.title} back={{ href: `/pesanan/${order_id}`, label: words.back }}>
      <Shown reading={order}>
        {(value) => <Shown reading={wave}>{(its) => <Form key={value.id} order={value} wave={its} />}</Shown>}
      </Shown>
    </Page>
  );
}

interface Draft extends Receiving {
  packs: Record<string, number>;
  note: string;
}

function draftOf(order: Order): Draft {
  const { method, address } = order.fulfilment;
  return {
    packs: packsOf(order),
    dropoffId: order.dropoff_id,
    method: method === "courier" ? "courier" : "pickup",
    address: address ?? NO_ADDRESS,
    priced: null,
    note: order.note ?? "",
  };
}

function packsOf(order: Order): Record<string, number> {
  return Object.fromEntries(order.lines.map((line) => [line.offer_id, line.quantity]));
}

function Form({ order, wave }: { order: Order; wave: Wave }) {
  const words = orderWords().edit;
  const { route } = useLocation();
  const draft = useKept<Draft>(`edit.${order.id}.${order.history.length}`, draftOf(order));
  const { value } = draft;
  const lines = chosen(wave, value.packs);
  const [save, saving] = useAct(async (key) => {
    const body = { lines: linesOf(draft.value, order, wave), fulfilment: fulfilmentOf(draft.value), note: draft.value.note.trim() || null };
    await send("patch", "/v1/orders/{order_id}", { path: { order_id: order.id }, body: body as never, key });
    forgetReads("/v1/orders");
    route(`/pesanan/${order.id}`);
  });
  const courier = value.method === "courier";
  const price = courier ? priceOf(value, lines, second.value) : null;
  const open = stateNow(wave) === "open";
  const ready = open && lines.length > 0 && (!courier || price !== null);
  return (
    <form
      class="two"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void save();
      }}
    >
      <div class="stack">
        <Offers
          wave={wave}
          packs={value.packs}
          had={packsOf(order)}
          closed={!open}
          onPacks={(offer, packs) => (draft.value = { ...value, packs: { ...value.packs, [offer.id]: packs } })}
        />
        <ReceivingFields
          wave={wave}
          lines={lines}
          value={value}
          dropoffFixed
          onValue={(receiving) => (draft.value = { ...draft.value, ...receiving })}
          fault={(pointer) => saving.problem?.fault(pointer)}
        />
        <TextField label={shopWords().checkout.note} value={value.note} onValue={(note) => (draft.value = { ...value, note })} lines={3} maxLength={500} />
      </div>
      <section class="card stack">
        <Receipt lines={lines} fee={price?.fee ?? 0} />
        <div role="status">
          {!open && <Notice tone="warn">{words.closed}</Notice>}
          {lines.length === 0 && <Notice tone="warn">{words.empty}</Notice>}
          {courier && !price && <Notice>{shopWords().checkout.quoteFirst}</Notice>}
        </div>
        <ProblemNote problem={saving.problem} />
        <Button type="submit" wide busy={saving.busy} disabled={!ready}>
          {saving.busy ? words.saving : words.save}
        </Button>
        <p class="soft small">{words.difference}</p>
      </section>
    </form>
  );
}

/** What is asked for now; what the member would accept instead stays as it was said. */
function linesOf(draft: Draft, order: Order, wave: Wave) {
  return chosen(wave, draft.packs).map(({ offer, packs }) => ({
    offer_id: offer.id,
    quantity: packs,
    tolerance: order.lines.find((line) => line.offer_id === offer.id)?.tolerance ?? null,
  }));
}
