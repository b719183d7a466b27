import { Route, Router } from "preact-iso";
import type { ComponentType } from "preact";
import { For } from "../../app/guard";
import { NotFound } from "../not-found";
import { Me } from "./me";
import { Orders } from "./orders";
import { Waves } from "./waves";

const OwnOrders = own(Orders);
const OwnMe = own(Me);

export default function Member() {
  return (
    <Router>
      <Route path="/" component={Waves} />
      <Route path="/gelombang" component={Waves} />
      <Route path="/pesanan" component={OwnOrders} />
      <Route path="/saya" component={OwnMe} />
      <Route default component={NotFound} />
    </Router>
  );
}

/** A page of one's own: for whoever is signed in and may order. */
function own(Content: ComponentType): ComponentType {
  return () => (
    <For roles={["member", "pic"]}>
      <Content />
    </For>
  );
}
