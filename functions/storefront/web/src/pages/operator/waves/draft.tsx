/** A draft as it stands: what speaks against it, and its publication. */
import { useLocation, useRoute } from "preact-iso";
import { send } from "../../../api/client";
import { useNames } from "../../../api/names";
import { forgetReads, useRead } from "../../../api/reading";
import type { Schemas } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { LinkButton } from "../../../parts/button";
import { Page } from "../../../parts/page";
import { Badge, Notice, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { count, packName, rupiah } from "../../../words/formats";
import { officeWaveWords } from "../../../words/office-waves";
import { inWord } from "../../../words/states";
import { Timeline } from "./timeline";

type Planned = Schemas["PlannedWaveView"];

export function DraftPage() {
  const { wave_id = "" } = useRoute().params;
  const words = officeWaveWords();
  const reading = useRead("/v1/drafts/{wave_id}", { path: { wave_id } });
  return (
    <Page
      title={reading.value?.name ?? words.list.draft}
      back={{ href: "/kantor/gelombang", label: words.page.back }}
      aside={<Badge>{words.list.draft}</Badge>}
    >
      <Shown reading={reading}>{(wave) => <Whole wave={wave} />}</Shown>
    </Page>
  );
}

function Whole({ wave }: { wave: Planned }) {
  const words = officeWaveWords();
  return (
    <>
      <Timeline wave={wave} />
      {wave.warnings.length > 0 && (
        <Notice tone="warn">
          <strong>{words.page.warnings}</strong>
          <ul>
            {wave.warnings.map((warning) => (
              <li key={`${warning.code}${warning.pointer}`}>{warning.message}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Facts wave={wave} />
      <Table
        caption={words.page.offers}
        rows={wave.offers}
        rowKey={(offer) => offer.sku}
        columns={[
          { title: words.page.product, cell: (offer) => packName(offer.name, offer.weight_g) },
          { title: words.page.price, cell: (offer) => rupiah(offer.price), number: true },
          { title: words.page.quota, cell: (offer) => (offer.quota === null ? words.page.unlimited : count(offer.quota)), number: true },
          { title: words.form.most, cell: (offer) => (offer.max_per_member === null ? words.page.unlimited : count(offer.max_per_member)), number: true },
        ]}
      />
      <div class="row">
        <Publish wave={wave} />
        <LinkButton kind="secondary" href={`/kantor/rancangan/${wave.id}/ubah`}>
          {words.page.edit}
        </LinkButton>
      </div>
    </>
  );
}

function Facts({ wave }: { wave: Planned }) {
  const words = officeWaveWords().form;
  const dropoff = useNames("/v1/dropoffs");
  const institution = useNames("/v1/institutions");
  return (
    <dl class="facts">
      <dt>{words.dropoffs}</dt>
      <dd>{wave.dropoff_ids.map(dropoff).join(", ")}</dd>
      <dt>{words.institutions}</dt>
      <dd>{wave.eligible_institution_ids?.map(institution).join(", ") ?? words.everyone}</dd>
      <dt>{words.policy}</dt>
      <dd>{inWord(words.policies, wave.allocation_policy)}</dd>
    </dl>
  );
}

function Publish({ wave }: { wave: Planned }) {
  const words = officeWaveWords().page;
  const { route } = useLocation();
  return (
    <AskFirst
      label={words.publish}
      kind="primary"
      title={words.publishTitle}
      yes={words.publishYes}
      act={async (key) => {
        await send("post", "/v1/waves/{wave_id}/publication", { path: { wave_id: wave.id }, key });
        forgetReads("/v1/drafts");
        forgetReads("/v1/waves");
        route(`/kantor/gelombang/${wave.id}`);
      }}
    >
      <p>{words.publishWhy}</p>
    </AskFirst>
  );
}
