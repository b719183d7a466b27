/** The frame of a page at one desk: whose goods, where, and the way to the desk's other pages. */
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { serverNow } from "../../api/server-time";
import { Page } from "../../parts/page";
import { deskWords } from "../../words/desk";
import { stateAt } from "../member/wave-state";
import { type Desk, pagesFor } from "./desk";

export function DeskPage({ desk, title, children }: { desk: Desk; title: string; children: ComponentChildren }) {
  const words = deskWords();
  const { path } = useLocation();
  const wave = desk.wave.value;
  return (
    <Page title={title} back={{ href: "/loket", label: words.toStart }}>
      <p class="soft" dir="auto">
        {wave?.name ?? "…"} · {desk.dropoff.value?.name ?? "…"}
      </p>
      <nav aria-label={words.pagesOf} class="desk-pages">
        {pagesFor(wave && stateAt(wave, serverNow())).map((page) => (
          <a key={page} href={`${desk.base}/${page}`} aria-current={path === `${desk.base}/${page}` ? "page" : undefined}>
            {words.pages[page]}
          </a>
        ))}
      </nav>
      {children}
    </Page>
  );
}
