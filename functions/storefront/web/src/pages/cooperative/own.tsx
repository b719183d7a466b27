/** Whose pages these are: the cooperatives that the caller speaks for. */
import type { ComponentChildren } from "preact";
import { useRead } from "../../api/reading";
import type { Cooperative } from "../../api/types";
import { Empty, Shown } from "../../parts/states";
import { cooperativeWords } from "../../words/cooperative";

export function Own({ children }: { children: (cooperatives: readonly Cooperative[]) => ComponentChildren }) {
  const words = cooperativeWords();
  const reading = useRead("/v1/me/cooperatives", {});
  return (
    <Shown reading={reading}>
      {({ items }) => (items.length > 0 ? children(items) : <Empty title={words.none}>{words.noneWhy}</Empty>)}
    </Shown>
  );
}
