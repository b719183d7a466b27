/** Fields with their label, hint and fault tied together; what is wrong is said beside them, and read out with them. */
import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { useId } from "preact/hooks";
import { appWords } from "../words/app";

interface Common {
  label: string;
  hint?: ComponentChildren;
  fault?: string | undefined;
}

interface TextProps extends Common {
  value: string;
  onValue: (value: string) => void;
  /** More than one line. */
  lines?: number;
  type?: "text" | "tel" | "email" | "search" | "date" | "time" | "datetime-local" | "number";
  inputMode?: "text" | "numeric" | "decimal" | "tel";
  autocomplete?: string;
  placeholder?: string;
  maxLength?: number;
  required?: boolean;
  disabled?: boolean;
}

export function TextField({ label, hint, fault, value, onValue, lines, type = "text", ...more }: TextProps) {
  const id = useId();
  const shared = { ...more, id, value, ...described(id, hint, fault) };
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      {lines ? (
        <textarea {...shared} rows={lines} onInput={(event) => onValue(event.currentTarget.value)} />
      ) : (
        <input {...({ ...shared, type } as InputHTMLAttributes<HTMLInputElement>)} onInput={(event) => onValue(event.currentTarget.value)} />
      )}
    </Field>
  );
}

interface SelectProps extends Common {
  value: string;
  onValue: (value: string) => void;
  options: readonly { value: string; label: string }[];
  required?: boolean;
}

export function SelectField({ label, hint, fault, value, onValue, options, required }: SelectProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      <select id={id} required={required} value={value} onChange={(event) => onValue(event.currentTarget.value)} {...described(id, hint, fault)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface ChoiceProps<V extends string> extends Common {
  value: V;
  onValue: (value: V) => void;
  options: readonly { value: V; label: string; about?: ComponentChildren; disabled?: boolean }[];
}

/** One of a few, all in sight. */
export function ChoiceField<V extends string>({ label, hint, fault, value, onValue, options }: ChoiceProps<V>) {
  const id = useId();
  return (
    <fieldset class="field" {...described(id, hint, fault)}>
      <legend>{label}</legend>
      <Told id={id} hint={hint} fault={fault} />
      <div class="stack tight">
        {options.map((option) => (
          <label class="choice" key={option.value}>
            <input type="radio" name={id} value={option.value} checked={option.value === value} disabled={option.disabled} onChange={() => onValue(option.value)} />
            <span>
              {option.label}
              {option.about && <span class="soft small">{option.about}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function CheckField({ label, value, onValue, hint }: { label: ComponentChildren; value: boolean; onValue: (value: boolean) => void; hint?: ComponentChildren }) {
  return (
    <label class="choice">
      <input type="checkbox" checked={value} onChange={(event) => onValue(event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <span class="soft small">{hint}</span>}
      </span>
    </label>
  );
}

/** A small number, by tapping or typing; *label* says of what. */
export function Stepper({ label, value, onValue, most, least = 0 }: { label: string; value: number; onValue: (value: number) => void; most: number; least?: number }) {
  const words = appWords();
  const set = (next: number) => onValue(Math.min(most, Math.max(least, Number.isFinite(next) ? Math.trunc(next) : least)));
  return (
    <div class="stepper" role="group" aria-label={label}>
      <button type="button" aria-label={`${words.fewer}: ${label}`} aria-disabled={value <= least} onClick={() => set(value - 1)}>
        −
      </button>
      <input
        class="number"
        inputMode="numeric"
        aria-label={label}
        value={String(value)}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          set(Number(event.currentTarget.value));
          event.currentTarget.value = String(value);
        }}
      />
      <button type="button" aria-label={`${words.more}: ${label}`} aria-disabled={value >= most} onClick={() => set(value + 1)}>
        +
      </button>
    </div>
  );
}

function Field({ id, label, hint, fault, children }: Common & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <Told id={id} hint={hint} fault={fault} />
    </div>
  );
}

function Told({ id, hint, fault }: { id: string; hint?: ComponentChildren; fault?: string | undefined }) {
  return (
    <>
      {hint && (
        <span class="soft small" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault && (
        <span class="fault small" id={`${id}-fault`}>
          {fault}
        </span>
      )}
    </>
  );
}

function described(id: string, hint: ComponentChildren, fault: string | undefined) {
  const by = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return { ...(by ? { "aria-describedby": by } : {}), ...(fault ? { "aria-invalid": true } : {}) };
}
