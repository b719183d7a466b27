/** The frame of a page: its title is the document's, and gets the focus when the page is come to. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { appWords } from "../words/app";

let first = true; // the browser itself puts the focus at the start of the first page

interface PageProps {
  title: string;
  /** Where one came from. */
  back?: { href: string; label: string };
  /** Beside the title. */
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, back, aside, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${appWords().name}`;
  }, [title]);
  useEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return (
    <div class="stack">
      {back && (
        <p>
          <a href={back.href}>
            <span aria-hidden="true">← </span>
            {back.label}
          </a>
        </p>
      )}
      <div class="row apart">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </div>
  );
}
