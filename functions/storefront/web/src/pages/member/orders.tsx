import { Page } from "../../parts/page";
import { Empty } from "../../parts/states";
import { appWords } from "../../words/app";

export function Orders() {
  const words = appWords();
  return (
    <Page title={words.orders}>
      <Empty title={words.comingSoon} />
    </Page>
  );
}
