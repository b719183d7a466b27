import { useState } from "preact/hooks";
import { send } from "../../../api/client";
import { useList } from "../../../api/list";
import { forgetReads } from "../../../api/reading";
import type { Dropoff } from "../../../api/types";
import { AskFirst } from "../../../parts/ask-first";
import { TextField } from "../../../parts/field";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { officeRegistryWords } from "../../../words/office-registry";
import { DropoffMap } from "./map";
import { RegistryNav } from "./nav";

export function Dropoffs() {
  const words = officeRegistryWords().dropoffs;
  const list = useList("/v1/dropoffs", {});
  return (
    <Page title={words.title} aside={<Fields again={list.again} />}>
      <RegistryNav />
      <Shown reading={list}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <>
              <DropoffMap dropoffs={items} />
              <ol class="stack tight">
                {items.map((dropoff) => (
                  <li key={dropoff.id}>
                    <div class="row apart">
                      <span>
                        <strong>{dropoff.name}</strong>
                        <br />
                        <span class="soft small">{[dropoff.address, dropoff.pic.name, dropoff.opening_hours].filter(Boolean).join(" · ")}</span>
                      </span>
                      <Fields dropoff={dropoff} again={list.again} />
                    </div>
                  </li>
                ))}
              </ol>
            </>
          )
        }
      </Shown>
      <More list={list} />
    </Page>
  );
}

function Fields({ dropoff, again }: { dropoff?: Dropoff; again: () => Promise<void> }) {
  const words = officeRegistryWords().dropoffs;
  const [told, setTold] = useState({
    name: dropoff?.name ?? "",
    address: dropoff?.address ?? "",
    lat: dropoff ? String(dropoff.lat) : "",
    lng: dropoff ? String(dropoff.lng) : "",
    pics: "",
    hours: dropoff?.opening_hours ?? "",
  });
  const set = (change: Partial<typeof told>) => setTold({ ...told, ...change });
  const pics = told.pics.split(",").map((id) => id.trim()).filter(Boolean);
  const number = (text: string) => Number(text.replace(",", "."));
  const body = { name: told.name.trim(), address: told.address.trim(), lat: number(told.lat), lng: number(told.lng), opening_hours: told.hours.trim() || null };
  const whole = Boolean(body.name && body.address && told.lat && told.lng) && Number.isFinite(body.lat + body.lng) && Boolean(dropoff || pics.length);
  return (
    <AskFirst
      label={dropoff ? words.edit : words.add}
      {...(dropoff ? { about: dropoff.name } : { kind: "primary" as const })}
      title={dropoff?.name ?? words.add}
      yes={words.save}
      ready={whole}
      intent={told}
      act={async (key) => {
        if (dropoff) {
          const changed = pics.length ? { ...body, pic_ids: pics } : body;
          await send("patch", "/v1/dropoffs/{dropoff_id}", { path: { dropoff_id: dropoff.id }, body: changed, key });
        } else {
          await send("post", "/v1/dropoffs", { body: { ...body, pic_ids: pics }, key });
        }
        forgetReads("/v1/dropoffs");
        await again();
      }}
    >
      <TextField label={words.name} value={told.name} maxLength={200} required onValue={(name) => set({ name })} />
      <TextField label={words.address} value={told.address} maxLength={200} required onValue={(address) => set({ address })} />
      <TextField label={words.lat} hint={words.latHint} value={told.lat} onValue={(lat) => set({ lat })} />
      <TextField label={words.lng} hint={words.lngHint} value={told.lng} onValue={(lng) => set({ lng })} />
      <TextField label={words.pics} {...(dropoff ? { hint: words.picsKeep } : {})} value={told.pics} onValue={(ids) => set({ pics: ids })} />
      <TextField label={words.hours} value={told.hours} maxLength={200} onValue={(hours) => set({ hours })} />
    </AskFirst>
  );
}
