import { Page } from "../../parts/page";
import { Empty } from "../../parts/states";
import { appWords } from "../../words/app";

export function Start() {
  const words = appWords();
  return (
    <Page title={words.desk}>
      <Empty title={words.comingSoon} />
    </Page>
  );
}
