/** Acts that a person does: one at a time, with their refusal beside them, and the same act when repeated. */
import { useRef, useState } from "preact/hooks";
import { newKey } from "./client";
import { asProblem, type Problem } from "./problem";

export interface Acting {
  busy: boolean;
  problem: Problem | undefined;
  forgive(): void;
}

/**
 *     const [pay, paying] = useAct(async (key) => {
 *       await send("post", "/v1/orders/{order_id}/payments", { path: { order_id }, body, key });
 *     });
 *     <Button busy={paying.busy} onClick={() => pay()}>…</Button>  <ProblemNote problem={paying.problem} />
 *
 * The key stays the same until the act is done, so that pressing again after a lost answer does it once.
 */
export function useAct<Given extends unknown[]>(
  act: (key: string, ...given: Given) => Promise<void>,
): [(...given: Given) => Promise<void>, Acting] {
  const [state, setState] = useState<{ busy: boolean; problem?: Problem }>({ busy: false });
  const key = useRef({ for: "", key: newKey() });
  const running = useRef(false);

  async function run(...given: Given): Promise<void> {
    if (running.current) return;
    running.current = true;
    setState({ busy: true });
    const intent = JSON.stringify(given);
    if (key.current.for !== intent) key.current = { for: intent, key: newKey() };
    try {
      await act(key.current.key, ...given);
      key.current = { for: "", key: newKey() };
      setState({ busy: false });
    } catch (error) {
      const problem = asProblem(error);
      if (!problem.passing) key.current = { for: "", key: newKey() };
      setState({ busy: false, problem });
    } finally {
      running.current = false;
    }
  }

  return [run, { busy: state.busy, problem: state.problem, forgive: () => setState({ busy: false }) }];
}
