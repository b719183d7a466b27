/** A wave from its opening to its completion: what has been, what is, what will be. */
import type { Schemas, Wave } from "../../../api/types";
import { day, moment } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";
import "./timeline.css";

type Closing = Schemas["ClosingView"];
const ORDER = ["scheduled", "open", "closed", "allocated", "delivering", "completed"];

interface Step {
  label: string;
  at: string;
  done: boolean;
  about?: string;
}

export function Timeline({ wave, closing, awaited }: { wave: Wave; closing?: Closing | undefined; awaited?: string }) {
  const words = officeWaveWords().line;
  const past = (state: string) => ORDER.indexOf(wave.state) >= ORDER.indexOf(state);
  const when = (at: string) => moment(at, wave.time_zone);
  const steps: Step[] = [
    { label: words.opens, at: when(wave.opens_at), done: past("open") },
    { label: words.closes, at: when(wave.closes_at), done: past("closed") },
    { label: words.payment, at: when(wave.payment_due_at), done: Boolean(closing?.step) || past("allocated") },
    ...(closing ? [frozen(closing, when), supplied(closing, when, awaited)] : []),
    { label: words.delivery, at: day(wave.delivery_date), done: past("completed") },
  ];
  if (wave.cancellation) steps.push({ label: words.cancelled, at: when(wave.cancellation.at), done: true });
  const now = steps.findIndex((step) => !step.done);
  return (
    <ol class="timeline" aria-label={words.title}>
      {steps.map((step, place) => (
        <li key={step.label} class={step.done ? "done" : place === now ? "now" : undefined} aria-current={place === now ? "step" : undefined}>
          <strong>{step.label}</strong>
          <span class="small">{step.at}</span>
          {step.about && <span class="small">{step.about}</span>}
        </li>
      ))}
    </ol>
  );
}

function frozen(closing: Closing, when: (at: string) => string): Step {
  const began = closing.steps[0]?.began_at;
  return { label: officeWaveWords().line.freezes, at: when(began ?? closing.freezes_at), done: Boolean(began) };
}

function supplied(closing: Closing, when: (at: string) => string, awaited?: string): Step {
  const words = officeWaveWords().line;
  const finished = closing.steps.find((step) => step.step === "apply" || step.step === "allocate")?.finished_at;
  const about = closing.step === "supply" && awaited ? words.waiting(awaited) : undefined;
  return { label: words.allocated, at: finished ? when(finished) : "–", done: Boolean(finished), ...(about ? { about } : {}) };
}
