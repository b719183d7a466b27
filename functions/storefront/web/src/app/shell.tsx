/** What is around every page: the way to the others, who is signed in, the language, and whether there is a network. */
import { signal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { ComponentChildren } from "preact";
import { Button } from "../parts/button";
import { ProblemNote } from "../parts/states";
import { useAct } from "../api/acting";
import { appWords } from "../words/app";
import { language } from "../words/language";
import { NAV } from "./sections";
import { has, session, signIn, signOut } from "./session";

const online = signal(navigator.onLine);
addEventListener("online", () => (online.value = true));
addEventListener("offline", () => (online.value = false));

export function Shell({ children }: { children: ComponentChildren }) {
  const words = appWords();
  return (
    <div class="shell">
      <a class="skip button" href="#isi">
        {words.skip}
      </a>
      <header>
        <div class="bar">
          <a class="brand" href="/">
            <img src="/icon.svg" alt="" width="32" height="32" />
            {words.name}
          </a>
          <Button
            kind="quiet"
            lang={language.value === "id" ? "en" : "id"}
            onClick={() => (language.value = language.value === "id" ? "en" : "id")}
          >
            {words.otherLanguage}
          </Button>
          <Account />
        </div>
        <Navigation />
      </header>
      <div>
        <div role="status">{!online.value && <p class="strip">{words.offline}</p>}</div>
        <main id="isi">{children}</main>
      </div>
    </div>
  );
}

function Account() {
  const words = appWords();
  const [leave, leaving] = useAct(async () => signOut());
  if (session.value === undefined) return null;
  if (session.value === null) return <Button onClick={() => signIn()}>{words.signIn}</Button>;
  return (
    <>
      <span class="name small soft" dir="auto">{session.value.name}</span>
      <Button kind="quiet" busy={leaving.busy} onClick={() => void leave()}>
        {words.signOut}
      </Button>
      <ProblemNote problem={leaving.problem} />
    </>
  );
}

function Navigation() {
  const words = appWords();
  const { path } = useLocation();
  const here = path === "/" ? "/gelombang" : path;
  const links = NAV.filter((link) => !link.roles || has(...link.roles));
  return (
    <nav aria-label={words.nav}>
      <ul>
        {links.map((link) => (
          <li key={link.href}>
            <a href={link.href} aria-current={here === link.href || here.startsWith(`${link.href}/`) ? "page" : undefined}>
              {link.label(words)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
