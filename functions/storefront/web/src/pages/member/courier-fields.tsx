/** Bringing it home: to which address, and what that honestly costs. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { newKey, send } from "../../api/client";
import { useRead } from "../../api/reading";
import { serverNow } from "../../api/server-time";
import type { Quote } from "../../api/types";
import { Button } from "../../parts/button";
import { ChoiceField } from "../../parts/field";
import { Notice, ProblemNote } from "../../parts/states";
import { count, perKilogram, rupiah } from "../../words/formats";
import { shopWords } from "../../words/shop";
import { AddressFields, isWhole } from "./address-fields";
import { type Chosen, NO_ADDRESS, priceAbout, priceOf, type Receiving, sum } from "./basket";

interface CourierProps {
  lines: readonly Chosen[];
  value: Receiving;
  onValue: (value: Receiving) => void;
  fault?: (pointer: string) => string | undefined;
}

export function CourierFields({ lines, value, onValue, fault }: CourierProps) {
  return (
    <>
      <SavedAddresses value={value} onValue={onValue} />
      <AddressFields
        value={value.address}
        onValue={(address) => onValue({ ...value, address })}
        fault={fault && ((pointer) => fault(`/fulfilment/address${pointer}`))}
      />
      <Quotes lines={lines} value={value} onValue={onValue} />
    </>
  );
}

function SavedAddresses({ value, onValue }: Pick<CourierProps, "value" | "onValue">) {
  const words = shopWords().checkout;
  const saved = useRead("/v1/me", {}).value?.addresses ?? [];
  if (saved.length === 0) return null;
  const now = saved.findIndex((address) => address.line === value.address.line && address.village_code === value.address.village_code);
  return (
    <ChoiceField
      label={words.savedAddress}
      value={String(now)}
      onValue={(place) => onValue({ ...value, address: saved[Number(place)] ?? NO_ADDRESS })}
      options={[
        ...saved.map((address, place) => ({ value: String(place), label: address.line, about: address.recipient })),
        { value: "-1", label: words.newAddress },
      ]}
    />
  );
}

function Quotes({ lines, value, onValue }: CourierProps) {
  const words = shopWords().checkout;
  const about = priceAbout(value, lines);
  const [found, setFound] = useState<{ quotes: readonly Quote[]; about: string }>({ quotes: [], about: "" });
  const [ask, asking] = useAct(async () => {
    const { address, dropoffId: dropoff_id } = value;
    const packs = lines.map((line) => ({ weight_g: line.offer.weight_g, quantity: line.packs }));
    const body = { dropoff_id, address, weight_g: sum(lines).grams, packs };
    const quotes = await send("post", "/v1/courier-quotes", { body, key: newKey() });
    setFound({ quotes, about });
    const cheapest = [...quotes].sort((one, other) => one.fee - other.fee)[0];
    if (cheapest) onValue({ ...value, priced: { quote: cheapest, about } });
  });
  const price = priceOf(value, lines, serverNow());
  const quotes = found.about === about ? found.quotes : price ? [price] : [];
  return (
    <div class="stack">
      {!price && (
        <Button kind="secondary" busy={asking.busy} disabled={!isWhole(value.address)} onClick={() => void ask()}>
          {asking.busy ? words.quoting : words.quote}
        </Button>
      )}
      <ProblemNote problem={asking.problem} />
      {price && (
        <ChoiceField
          label={words.quotes}
          value={price.quote_id}
          onValue={(id) => {
            const quote = quotes.find((one) => one.quote_id === id);
            if (quote) onValue({ ...value, priced: { quote, about } });
          }}
          options={quotes.map((quote) => ({
            value: quote.quote_id,
            label: `${quote.courier} ${quote.service} · ${rupiah(quote.fee)}`,
            about: words.quoteAbout(count(quote.eta_minutes), count(quote.trips)),
          }))}
        />
      )}
      {price && <Honest quote={price} lines={lines} />}
    </div>
  );
}

/** What delivery does to the price of the goods: said before anybody orders. */
function Honest({ quote, lines }: { quote: Quote; lines: readonly Chosen[] }) {
  const words = shopWords().checkout;
  const { grams, goods } = sum(lines);
  const dear = quote.fee > goods;
  return (
    <div role="status">
      <Notice tone={dear ? "warn" : "note"}>
        <span>
          {words.honest(rupiah(quote.fee), perKilogram(quote.fee, grams), perKilogram(goods, grams), perKilogram(goods + quote.fee, grams))}
        </span>
        {dear && <span>{words.dear}</span>}
        {quote.warning && <span>{quote.warning}</span>}
      </Notice>
    </div>
  );
}
