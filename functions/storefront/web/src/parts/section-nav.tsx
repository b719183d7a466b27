/** The way between a section's pages. */
import { useLocation } from "preact-iso";
import "./section-nav.css";

export interface SectionLink {
  href: string;
  label: string;
  /** Not the pages below it. */
  exact?: boolean;
  /** What it stands for, where that is more than the page it leads to. */
  under?: string;
}

export function SectionNav({ label, links }: { label: string; links: readonly SectionLink[] }) {
  const { path } = useLocation();
  const here = (link: SectionLink) => path === link.href || (!link.exact && path.startsWith(`${link.under ?? link.href}/`));
  return (
    <nav class="section-nav" aria-label={label}>
      <ul>
        {links.map((link) => (
          <li key={link.href}>
            <a href={link.href} aria-current={here(link) ? "page" : undefined}>
              {link.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
