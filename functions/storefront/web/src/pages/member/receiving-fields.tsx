/** Where and how an order is received: at a drop-off, or brought home at a courier's price. */
import { useEffect } from "preact/hooks";
import { everything, useReading } from "../../api/reading";
import type { Dropoff, Wave } from "../../api/types";
import { ChoiceField } from "../../parts/field";
import { Shown } from "../../parts/states";
import { shopWords } from "../../words/shop";
import type { Chosen, Method, Receiving } from "./basket";
import { CourierFields } from "./courier-fields";

interface ReceivingProps {
  wave: Wave;
  lines: readonly Chosen[];
  value: Receiving;
  onValue: (value: Receiving) => void;
  /** The server's word on a field, by its JSON pointer within the order. */
  fault?: (pointer: string) => string | undefined;
  /** An order stays with its drop-off. */
  dropoffFixed?: boolean;
}

export function ReceivingFields({ wave, lines, value, onValue, fault, dropoffFixed }: ReceivingProps) {
  const reading = useReading("/v1/dropoffs?all", () => everything("/v1/dropoffs", {}), { keep: true });
  return (
    <Shown reading={reading} rows={2}>
      {(all) => {
        const dropoffs = all.filter((dropoff) =>
          dropoffFixed ? dropoff.id === value.dropoffId : wave.dropoff_ids.includes(dropoff.id),
        );
        return <Fields {...{ dropoffs, lines, value, onValue }} {...(fault ? { fault } : {})} />;
      }}
    </Shown>
  );
}

type FieldsProps = Pick<ReceivingProps, "lines" | "value" | "onValue" | "fault"> & { dropoffs: readonly Dropoff[] };

function Fields({ dropoffs, lines, value, onValue, fault }: FieldsProps) {
  const words = shopWords().checkout;
  const [only] = dropoffs.length === 1 ? dropoffs : [];
  useEffect(() => {
    if (only && value.dropoffId !== only.id) onValue({ ...value, dropoffId: only.id });
  }, [only?.id]);
  const dropoff = dropoffs.find((one) => one.id === value.dropoffId);
  return (
    <>
      <ChoiceField
        label={words.where}
        value={value.dropoffId}
        fault={fault?.("/dropoff_id")}
        onValue={(dropoffId) => onValue({ ...value, dropoffId })}
        options={dropoffs.map((one) => ({ value: one.id, label: one.name, about: one.address }))}
      />
      {dropoff && (
        <ChoiceField<Method>
          label={words.how}
          value={value.method}
          onValue={(method) => onValue({ ...value, method })}
          options={[
            { value: "pickup", label: words.pickup, about: words.pickupWhy(dropoff.opening_hours ?? dropoff.name) },
            { value: "courier", label: words.courier, about: words.courierWhy },
          ]}
        />
      )}
      {dropoff && value.method === "courier" && (
        <CourierFields lines={lines} value={value} onValue={onValue} {...(fault ? { fault } : {})} />
      )}
    </>
  );
}
