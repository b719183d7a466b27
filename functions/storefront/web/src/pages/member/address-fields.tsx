/** A person's address. Where it lies is told by its village: coordinates are not asked for. */
import { TextField } from "../../parts/field";
import { shopWords } from "../../words/shop";
import type { Address } from "./basket";

interface AddressProps {
  value: Address;
  onValue: (value: Address) => void;
  fault?: ((pointer: string) => string | undefined) | undefined;
}

export function AddressFields({ value, onValue, fault }: AddressProps) {
  const words = shopWords().checkout;
  const set = (name: keyof Address) => (text: string) => onValue({ ...value, [name]: text, lat: null, lng: null });
  const said = (name: string) => fault?.(`/${name}`);
  return (
    <div class="stack tight">
      <TextField label={words.line} value={value.line} onValue={set("line")} fault={said("line")} autocomplete="street-address" maxLength={200} required />
      <TextField
        label={words.village}
        hint={words.villageHint}
        value={value.village_code}
        onValue={(text) => set("village_code")(dotted(text))}
        fault={said("village_code")}
        inputMode="numeric"
        maxLength={13}
        required
      />
      <TextField label={words.postal} value={value.postal_code} onValue={set("postal_code")} fault={said("postal_code")} inputMode="numeric" autocomplete="postal-code" maxLength={5} required />
      <TextField label={words.recipient} value={value.recipient} onValue={set("recipient")} fault={said("recipient")} autocomplete="name" maxLength={200} required />
      <TextField label={words.phone} type="tel" value={value.phone} onValue={set("phone")} fault={said("phone")} autocomplete="tel" required />
    </div>
  );
}

/** 3174021005 → 31.74.02.1005, as it is typed */
export function dotted(text: string): string {
  const digits = text.replace(/\D/g, "").slice(0, 10);
  return [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6), digits.slice(6)].filter(Boolean).join(".");
}

export function isWhole(address: Address): boolean {
  const { line, village_code, postal_code, recipient, phone } = address;
  return Boolean(line.trim() && recipient.trim() && phone.trim()) && village_code.length === 13 && postal_code.length === 5;
}
