import { LinkButton } from "../parts/button";
import { Page } from "../parts/page";
import { appWords } from "../words/app";

export function NotFound() {
  const words = appWords();
  return (
    <Page title={words.notFound}>
      <p>{words.notFoundWhy}</p>
      <p>
        <LinkButton href="/">{words.toStart}</LinkButton>
      </p>
    </Page>
  );
}
