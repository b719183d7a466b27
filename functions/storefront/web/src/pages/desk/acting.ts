/** Acts of the desk: done at once where there is a network, and kept for later where there is none. */
import { send } from "../../api/client";
import { asProblem, Problem } from "../../api/problem";
import { forgetReads } from "../../api/reading";
import { type About, type Act, type CashReceipt, type HandOver, put } from "./outbox";
import { judge, takenAlong, type Verdict } from "./pickup-list";

export type Done = "done" | "kept";

/** Do it now under *key*, or keep it under the same one: a lost answer and a later upload do it once. */
export async function doOrKeep(about: About, act: Act, key: string, now: () => Promise<unknown>): Promise<Done> {
  if (navigator.onLine) {
    try {
      await now();
      forgetReads("/v1/");
      return "done";
    } catch (error) {
      if (!asProblem(error).passing) throw error;
    }
  }
  await put(about, act, key);
  return "kept";
}

export function takeCash(about: About, act: CashReceipt, key: string): Promise<Done> {
  const { order_id, amount, receipt_number } = act;
  return doOrKeep(about, act, key, () =>
    send("post", "/v1/orders/{order_id}/cash-receipts", { path: { order_id }, body: { amount, receipt_number }, key }),
  );
}

const VERDICTS: Record<Exclude<Verdict, "right">, string> = {
  wrong: "wrong_code",
  locked: "code_locked",
  unlisted: "unlisted_order",
  no_list: "no_list",
  outdated: "outdated_list",
};
const REFUSALS: Record<string, string> = { forbidden: "wrong_code", too_many_requests: "code_locked" };

/** Hand over for a code: the server looks at it, or, without a network, the list that was taken along. */
export async function handOver(about: About, act: Omit<HandOver, "kind" | "asked">, key: string): Promise<Done> {
  const { order_id, ...body } = act;
  const asked = navigator.onLine;
  if (asked) {
    try {
      await send("post", "/v1/orders/{order_id}/handover", { path: { order_id }, body: body as never, key });
      forgetReads("/v1/");
      return "done";
    } catch (error) {
      const problem = asProblem(error);
      if (!problem.passing) throw new Problem(REFUSALS[problem.code] ?? problem.code, problem.status, problem.detail, problem.faults);
    }
  }
  const verdict = await judge(await takenAlong(about.dropoff_id, about.wave_id), order_id, act.code);
  if (verdict !== "right") throw new Problem(VERDICTS[verdict], 0);
  await put(about, { kind: "handover", asked, ...act }, key);
  return "kept";
}
