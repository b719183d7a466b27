import { useLocation, useRoute } from "preact-iso";
import { useAct } from "../../api/acting";
import { newKey, send } from "../../api/client";
import { Problem } from "../../api/problem";
import { forgetReads, type Reading, useRead } from "../../api/reading";
import { second } from "../../api/server-time";
import type { Wave } from "../../api/types";
import { Button, LinkButton } from "../../parts/button";
import { Countdown } from "../../parts/countdown";
import { TextField } from "../../parts/field";
import { Page } from "../../parts/page";
import { Empty, Notice, ProblemNote, Shown } from "../../parts/states";
import { shopWords } from "../../words/shop";
import { isWhole } from "./address-fields";
import { type Basket, chosen, emptyBasket, fulfilmentOf, priceOf, useBasket } from "./basket";
import { Receipt } from "./receipt";
import { ReceivingFields } from "./receiving-fields";
import { stateNow } from "./wave-state";

export function Checkout() {
  const { wave_id = "" } = useRoute().params;
  const words = shopWords().checkout;
  const reading = useRead("/v1/waves/{wave_id}", { path: { wave_id }, every: 10_000, keep: true });
  return (
    <Page title={words.title} back={{ href: `/gelombang/${wave_id}`, label: words.back }}>
      <Shown reading={reading}>{(wave) => <Form wave={wave} reading={reading} />}</Shown>
    </Page>
  );
}

function Form({ wave, reading }: { wave: Wave; reading: Reading<Wave> }) {
  const basket = useBasket(wave.id);
  const words = shopWords();
  const lines = chosen(wave, basket.value.packs);
  const [place, placing] = usePlacing(wave, basket, reading);
  if (lines.length === 0) {
    return (
      <Empty title={words.checkout.empty}>
        <LinkButton href={`/gelombang/${wave.id}`}>{words.checkout.choose}</LinkButton>
      </Empty>
    );
  }
  const { problem } = placing;
  const courier = basket.value.method === "courier";
  const price = courier ? priceOf(basket.value, lines, second.value) : null;
  const ready = basket.value.dropoffId !== "" && (!courier || (price !== null && isWhole(basket.value.address)));
  const open = stateNow(wave) === "open";
  return (
    <form
      class="two"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && open) void place();
      }}
    >
      <div class="stack">
        <ReceivingFields
          wave={wave}
          lines={lines}
          value={basket.value}
          onValue={(receiving) => (basket.value = { ...basket.value, ...receiving })}
          fault={(pointer) => problem?.fault(pointer)}
        />
        <TextField
          label={words.checkout.note}
          value={basket.value.note}
          onValue={(note) => (basket.value = { ...basket.value, note })}
          fault={problem?.fault("/note")}
          lines={3}
          maxLength={500}
        />
      </div>
      <section class="card stack">
        <Receipt lines={lines} fee={price?.fee ?? 0} />
        <div role="status">
          {!open && <Notice tone="warn">{words.wave.closed}</Notice>}
          {open && basket.value.dropoffId === "" && <Notice>{words.checkout.dropoffFirst}</Notice>}
          {courier && !price && <Notice>{words.checkout.quoteFirst}</Notice>}
        </div>
        <ProblemNote problem={named(problem, wave, lines.map((line) => line.offer.id))} />
        <Button type="submit" wide busy={placing.busy} disabled={!ready || !open}>
          {placing.busy ? words.checkout.placing : words.checkout.place}
        </Button>
        <p class="soft small">
          {words.checkout.payLater}
          {open && (
            <>
              {" "}
              {words.waves.closesIn} <Countdown to={wave.closes_at} />.
            </>
          )}
        </p>
      </section>
    </form>
  );
}

/** Place the order under the basket's own key: once, however often and from however many tabs it is sent. */
function usePlacing(wave: Wave, basket: { value: Basket }, reading: Reading<Wave>) {
  const { route } = useLocation();
  return useAct(async () => {
    const { dropoffId: dropoff_id, note, packs, key } = basket.value;
    const lines = chosen(wave, packs).map((line) => ({ offer_id: line.offer.id, quantity: line.packs }));
    const body = { wave_id: wave.id, dropoff_id, lines, fulfilment: fulfilmentOf(basket.value), note: note.trim() || null };
    try {
      const order = await send("post", "/v1/orders", { body: body as never, key });
      basket.value = emptyBasket();
      forgetReads("/v1/orders");
      route(`/pesanan/${order.id}`);
    } catch (error) {
      if (error instanceof Problem && error.code === "idempotency_key_reused") basket.value = { ...basket.value, key: newKey() };
      if (error instanceof Problem && error.status === 409) await reading.again();
      throw error;
    }
  });
}

/** Say a refused line by its name: the server points at it by its place. */
function named(problem: Problem | undefined, wave: Wave, offerIds: readonly string[]): Problem | undefined {
  if (!problem) return undefined;
  const faults = problem.faults.map((fault) => {
    const place = /^\/lines\/(\d+)/.exec(fault.pointer)?.[1];
    const offer = place === undefined ? undefined : wave.offers.find((one) => one.id === offerIds[Number(place)]);
    return offer ? { ...fault, message: `${offer.name}: ${fault.message}` } : fault;
  });
  return new Problem(problem.code, problem.status, problem.detail, faults, problem.retryAfter);
}
