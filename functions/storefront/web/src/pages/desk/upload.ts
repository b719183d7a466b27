/** Tell the server what waits in the outbox: in an order that makes sense, each thing until it is taken or refused. */
import { signal } from "@preact/signals";
import { request, send } from "../../api/client";
import { asProblem, Problem } from "../../api/problem";
import { forgetReads } from "../../api/reading";
import { type CashReceipt, type Count, deviceId, type Entry, type HandOver, look, mark, type OrderOnBehalf, remove, waiting } from "./outbox";

export const uploading = signal(false);
export const interrupted = signal<Problem | undefined>(undefined);

const FIRST_TO_LAST = ["count", "order", "cash", "handover"];
const AGAIN_MS = 10_000;

/** Upload everything; another tab that does so already is left to it. */
export async function upload(): Promise<void> {
  await navigator.locks.request("lumbung-upload", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await look();
    if (waiting.value.length === 0) return;
    uploading.value = true;
    interrupted.value = undefined;
    try {
      for (const entry of inOrder(waiting.value)) await uploadOne(entry);
    } catch (error) {
      interrupted.value = asProblem(error);
    } finally {
      uploading.value = false;
      forgetReads("/v1/");
    }
  });
}

/** Goods come before they are handed over, and an order before its money. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  const rank = (entry: Entry) => FIRST_TO_LAST.indexOf(entry.act.kind);
  return [...entries].sort((a, b) => rank(a) - rank(b) || a.number - b.number);
}

/** Upload now, whenever the network comes back, and every while as long as something waits. */
export function keepUploading(): () => void {
  const attempt = () => void (navigator.onLine && upload());
  attempt();
  const timer = setInterval(attempt, AGAIN_MS);
  addEventListener("online", attempt);
  return () => {
    clearInterval(timer);
    removeEventListener("online", attempt);
  };
}

/** Only a refusal of the thing itself is noted with it; without a network, or signed out, everything waits. */
async function uploadOne(entry: Entry): Promise<void> {
  try {
    await tell(entry);
    await remove(entry.number);
  } catch (error) {
    const problem = asProblem(error);
    if (problem.passing || problem.status === 401 || problem.status === 429) throw problem;
    await mark(entry, { code: problem.code, detail: problem.faults[0]?.message ?? problem.detail });
  }
}

function tell(entry: Entry): Promise<unknown> {
  switch (entry.act.kind) {
    case "count":
      return tellCount(entry as Entry<Count>);
    case "order":
      return tellOrder(entry as Entry<OrderOnBehalf>);
    case "cash":
      return tellCash(entry as Entry<CashReceipt>, entry.act.order_id, entry.act.amount, entry.act.receipt_number);
    case "handover":
      return tellHandOver(entry as Entry<HandOver>);
  }
}

function tellCount({ act, key }: Entry<Count>): Promise<unknown> {
  return send("post", "/v1/consignments/{consignment_id}/receipt", { path: { consignment_id: act.consignment_id }, body: act.body, key });
}

async function tellOrder(entry: Entry<OrderOnBehalf>): Promise<void> {
  const { body, receipt_number } = entry.act;
  const order = await send("post", "/v1/orders", { body: body as never, key: entry.key });
  if (receipt_number) await tellCash(entry, order.id, order.total, receipt_number);
}

/** A receipt of the same number, order and amount is the first one again, whichever key it comes under. */
function tellCash(entry: Entry, order_id: string, amount: number, receipt_number: string): Promise<unknown> {
  const body = { amount, receipt_number, received_at: entry.at };
  return send("post", "/v1/orders/{order_id}/cash-receipts", { path: { order_id }, body, key: `${entry.key}-cash` });
}

/** What the server may have done already is first asked for again under its key; then it is told as done here. */
async function tellHandOver(entry: Entry<HandOver>): Promise<void> {
  const { order_id, code, lines, taken_by, asked } = entry.act;
  const body = { code, lines, taken_by };
  if (asked) {
    try {
      await send("post", "/v1/orders/{order_id}/handover", { path: { order_id }, body: body as never, key: entry.key });
      return;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409) throw error;
    }
  }
  const told = { device_id: await deviceId(), entries: [{ number: entry.number, order_id, at: entry.at, ...body }] };
  const answer = await request("post", `/v1/dropoffs/${entry.dropoff_id}/handovers`, undefined, told);
  const [result] = (answer as { items: { outcome: string; code: string | null; detail: string | null }[] }).items;
  if (result!.outcome === "conflict") throw new Problem("handed_over_twice", 409);
  if (result!.outcome === "refused") throw new Problem(result!.code ?? "other", 409, result!.detail ?? "");
}
