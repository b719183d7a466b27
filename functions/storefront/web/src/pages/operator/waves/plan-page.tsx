/** A wave is planned, or a draft of one changed. What is typed stays on the device until it is saved. */
import { useLocation, useRoute } from "preact-iso";
import { useAct } from "../../../api/acting";
import { send } from "../../../api/client";
import { forgetReads, useRead } from "../../../api/reading";
import { serverNow } from "../../../api/server-time";
import type { Schemas } from "../../../api/types";
import { useKept } from "../../../app/keeping";
import { Button } from "../../../parts/button";
import { Page } from "../../../parts/page";
import { ProblemNote, Shown } from "../../../parts/states";
import { officeWaveWords } from "../../../words/office-waves";
import { freshPlan, isWhole, type Plan, planOf, requestOf } from "./plan";
import { OfferFields, TakingPart, Times } from "./plan-fields";

type Planned = Schemas["PlannedWaveView"];

export function PlanPage() {
  const { wave_id } = useRoute().params;
  const words = officeWaveWords();
  const reading = useRead("/v1/drafts/{wave_id}", { path: { wave_id: wave_id ?? "" }, when: Boolean(wave_id) });
  const back = wave_id ? { href: `/kantor/rancangan/${wave_id}`, label: words.list.draft } : { href: "/kantor/gelombang", label: words.page.back };
  return (
    <Page title={wave_id ? words.form.edit : words.form.fresh} back={back}>
      {wave_id ? <Shown reading={reading}>{(draft) => <Form draft={draft} />}</Shown> : <Form />}
    </Page>
  );
}

function Form({ draft }: { draft?: Planned }) {
  const words = officeWaveWords().form;
  const { route } = useLocation();
  const kept = useKept<Plan | null>(`plan.${draft?.id ?? "new"}`, null);
  const plan = kept.value ?? (draft ? planOf(draft) : freshPlan(serverNow()));
  const [save, saving] = useAct(async (key, body: Schemas["WaveRequest"]) => {
    const saved = draft
      ? await send("patch", "/v1/waves/{wave_id}", { path: { wave_id: draft.id }, body, key })
      : await send("post", "/v1/waves", { body, key });
    kept.value = null;
    forgetReads("/v1/drafts");
    route(`/kantor/rancangan/${saved.id}`);
  });
  const fields = {
    plan,
    set: (change: Partial<Plan>) => (kept.value = { ...plan, ...change }),
    fault: (pointer: string) => saving.problem?.fault(pointer),
  };
  const ready = isWhole(plan);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void save(requestOf(plan, draft));
      }}
    >
      <Times {...fields} />
      <OfferFields {...fields} />
      <TakingPart {...fields} />
      <ProblemNote problem={saving.problem} />
      <p>
        <Button type="submit" busy={saving.busy} disabled={!ready}>
          {saving.busy ? words.saving : words.save}
        </Button>
      </p>
    </form>
  );
}
