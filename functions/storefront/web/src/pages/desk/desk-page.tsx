/** The frame of a page at one desk: whose goods, where, and the way to the desk's other pages. */
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { Page } from "../../parts/page";
import { deskWords } from "../../words/desk";
import type { Desk } from "./desk";

export const PAGES = ["terima", "serah", "pesanan", "pesan", "kirim"] as const;

export function DeskPage({ desk, title, children }: { desk: Desk; title: string; children: ComponentChildren }) {
  const words = deskWords();
  const { path } = useLocation();
  return (
    <Page title={title} back={{ href: "/loket", label: words.toStart }}>
      <p class="soft" dir="auto">
        {desk.wave.value?.name ?? "…"} · {desk.dropoff.value?.name ?? "…"}
      </p>
      <nav aria-label={words.pagesOf} class="desk-pages">
        {PAGES.map((page) => (
          <a key={page} href={`${desk.base}/${page}`} aria-current={path === `${desk.base}/${page}` ? "page" : undefined}>
            {words.pages[page]}
          </a>
        ))}
      </nav>
      {children}
    </Page>
  );
}
