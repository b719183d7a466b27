/** How to make a payment: a QR drawn from the QRIS text, an account's number, or the provider's own page. */
import type { Payment } from "../../api/types";
import { LinkButton } from "../../parts/button";
import { Copyable } from "../../parts/copyable";
import { Qr } from "../../parts/qr";
import { rupiah } from "../../words/formats";
import { orderWords } from "../../words/orders";

export function Instructions({ payment }: { payment: Payment }) {
  const words = orderWords().pay;
  const told = payment.instructions ?? {};
  const elsewhere = Object.values(told).find((value) => value.startsWith("https://"));
  return (
    <div class="stack">
      {told["qr_string"] && (
        <>
          <p>{words.scan}</p>
          <Qr text={told["qr_string"]} label={words.qrLabel(rupiah(payment.amount))} />
        </>
      )}
      {told["va_number"] && (
        <div class="stack tight">
          <h3>
            {words.account} {told["bank"]?.toUpperCase()}
          </h3>
          <Copyable label={words.account} value={told["va_number"]} />
        </div>
      )}
      {!told["qr_string"] && !told["va_number"] && elsewhere && <LinkButton href={elsewhere}>{words.open}</LinkButton>}
      <p>
        {words.amount}: <strong class="number">{rupiah(payment.amount)}</strong>
      </p>
      <p class="soft" role="status">
        {words.waiting}
      </p>
    </div>
  );
}
