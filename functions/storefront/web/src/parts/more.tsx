/** Further items of a list, where there may be some. */
import type { List } from "../api/list";
import { officeWords } from "../words/office";
import { Button } from "./button";

export function More({ list }: { list: List<unknown> }) {
  const { more } = list;
  if (!more) return null;
  return (
    <p>
      <Button kind="secondary" onClick={more}>
        {officeWords().more}
      </Button>
    </p>
  );
}
