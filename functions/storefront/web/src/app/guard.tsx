/** Pages for people who are signed in, in some role; everybody else is told why not, and what to do. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../parts/button";
import { Page } from "../parts/page";
import { Loading } from "../parts/states";
import { appWords } from "../words/app";
import { has, session, signIn, type Role, token } from "./session";

export function For({ roles, children }: { roles: readonly Role[]; children: ComponentChildren }) {
  const words = appWords();
  useEffect(() => {
    token().catch(() => undefined); // what came of it is in `session`
  }, []);
  if (session.value === undefined) return <Loading />;
  if (session.value === null) {
    return (
      <Page title={words.signInFirst}>
        <p>{words.signInWhy}</p>
        <p>
          <Button onClick={() => signIn()}>{words.signIn}</Button>
        </p>
      </Page>
    );
  }
  if (!has(...roles)) {
    return (
      <Page title={words.notYours}>
        <p>{words.notYoursWhy(session.value.name)}</p>
      </Page>
    );
  }
  return <>{children}</>;
}
