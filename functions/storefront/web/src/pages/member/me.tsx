import { Page } from "../../parts/page";
import { Empty } from "../../parts/states";
import { appWords } from "../../words/app";

export function Me() {
  const words = appWords();
  return (
    <Page title={words.me}>
      <Empty title={words.comingSoon} />
    </Page>
  );
}
