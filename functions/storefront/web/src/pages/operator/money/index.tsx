import { Route, Router } from "preact-iso";
import { NotFound } from "../../not-found";
import { TrialBalance } from "./books";
import { Cash } from "./cash";
import { Inbox } from "./inbox";
import { Reconciliation } from "./reconciliation";
import { RefundPage } from "./refund";
import { Refunds } from "./refunds";
import { Settlements } from "./settlements";

export function Money() {
  return (
    <Router>
      <Route path="/pengembalian" component={Refunds} />
      <Route path="/pengembalian/:refund_id" component={RefundPage} />
      <Route path="/rekonsiliasi" component={Reconciliation} />
      <Route path="/neraca" component={TrialBalance} />
      <Route path="/koperasi" component={Settlements} />
      <Route path="/setoran" component={Cash} />
      <Route path="/tertahan" component={Inbox} />
      <Route default component={NotFound} />
    </Router>
  );
}
