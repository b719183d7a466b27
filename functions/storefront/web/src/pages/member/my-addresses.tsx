/** Where one has things brought to; kept with the person, offered at each order. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import type { Me } from "../../api/types";
import { Button } from "../../parts/button";
import { ProblemNote } from "../../parts/states";
import { meWords } from "../../words/me";
import { AddressFields, isWhole } from "./address-fields";
import { type Address, NO_ADDRESS } from "./basket";

export function MyAddresses({ me, again }: { me: Me; again: () => Promise<void> }) {
  const words = meWords().addresses;
  const [added, setAdded] = useState<Address | null>(null);
  const [keep, keeping] = useAct(async (key, addresses: Address[]) => {
    await send("put", "/v1/me", { body: { addresses }, key });
    await again();
    setAdded(null);
  });
  const place = me.addresses.length;
  return (
    <section class="card stack">
      <h2>{words.title}</h2>
      {place === 0 && <p class="soft">{words.none}</p>}
      <ul class="stack tight">
        {me.addresses.map((address) => (
          <li key={address.line}>
            <span dir="auto">
              {address.recipient}, {address.line}, {address.postal_code}
            </span>{" "}
            <Button
              kind="quiet"
              busy={keeping.busy}
              aria-label={words.remove(address.line)}
              onClick={() => void keep(me.addresses.filter((one) => one !== address))}
            >
              {words.removeShort}
            </Button>
          </li>
        ))}
      </ul>
      {added && (
        <AddressFields value={added} onValue={setAdded} fault={(pointer) => keeping.problem?.fault(`/addresses/${place}${pointer}`)} />
      )}
      <ProblemNote problem={keeping.problem} />
      {added ? (
        <Button busy={keeping.busy} disabled={!isWhole(added)} onClick={() => void keep([...me.addresses, added])}>
          {words.save}
        </Button>
      ) : (
        <Button kind="secondary" onClick={() => setAdded(NO_ADDRESS)}>
          {words.add}
        </Button>
      )}
    </section>
  );
}
