/** A button that asks before it acts: what will happen, perhaps why, and then yes or no. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../api/acting";
import { appWords } from "../words/app";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ProblemNote } from "./states";

interface AskFirstProps {
  label: string;
  /** Where several such buttons stand on a page: which one this is. */
  about?: string;
  title: string;
  yes: string;
  kind?: "primary" | "secondary" | "danger";
  /** false: what is asked for is not whole yet. */
  ready?: boolean;
  /** What is asked for: the same again is the same act. */
  intent?: unknown;
  act: (key: string) => Promise<void>;
  children?: ComponentChildren;
}

export function AskFirst({ label, about, title, yes, kind = "secondary", ready = true, intent, act, children }: AskFirstProps) {
  const words = appWords();
  const [asked, setAsked] = useState(false);
  const [run, running] = useAct(async (key, _intent: unknown) => {
    await act(key);
    setAsked(false);
  });
  return (
    <>
      <Button
        kind={kind}
        {...(about ? { "aria-label": `${label}: ${about}` } : {})}
        onClick={() => {
          running.forgive();
          setAsked(true);
        }}
      >
        {label}
      </Button>
      <Dialog title={title} open={asked} onClose={() => setAsked(false)}>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) void run(intent);
          }}
        >
          {children}
          <ProblemNote problem={running.problem} />
          <div class="row">
            <Button kind="secondary" onClick={() => setAsked(false)}>
              {words.cancel}
            </Button>
            <Button kind={kind === "danger" ? "danger" : "primary"} type="submit" busy={running.busy} disabled={!ready}>
              {yes}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
