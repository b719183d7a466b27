/** Changing or cancelling, while the wave is open. */
import { useState } from "preact/hooks";
import { useAct } from "../../api/acting";
import { send } from "../../api/client";
import { forgetReads } from "../../api/reading";
import type { Order, Wave } from "../../api/types";
import { Button, LinkButton } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { ProblemNote } from "../../parts/states";
import { orderWords } from "../../words/orders";
import { stateNow } from "./wave-state";

interface ChangesProps {
  order: Order;
  wave: Wave;
  again: () => Promise<void>;
}

export function Changes({ order, wave, again }: ChangesProps) {
  const words = orderWords();
  const [asked, setAsked] = useState(false);
  const [cancel, cancelling] = useAct(async (key) => {
    await send("post", "/v1/orders/{order_id}/cancellation", { path: { order_id: order.id }, key });
    forgetReads("/v1/orders");
    await again();
    setAsked(false);
  });
  if (stateNow(wave) !== "open" || !["placed", "confirmed"].includes(order.status)) return null;
  return (
    <section class="stack tight">
      <div class="row">
        <LinkButton kind="secondary" href={`/pesanan/${order.id}/ubah`}>
          {words.order.edit}
        </LinkButton>
        <Button kind="danger" onClick={() => setAsked(true)}>
          {words.order.cancel}
        </Button>
      </div>
      <p class="soft small">{words.order.untilClosing}</p>
      <Dialog title={words.cancel.title} open={asked} onClose={() => setAsked(false)}>
        <p>{words.cancel.why}</p>
        <ProblemNote problem={cancelling.problem} />
        <div class="row">
          <Button kind="secondary" onClick={() => setAsked(false)}>
            {words.cancel.keep}
          </Button>
          <Button kind="danger" busy={cancelling.busy} onClick={() => void cancel()}>
            {words.cancel.yes}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}
