import "./member.css";
import { Route, Router } from "preact-iso";
import type { ComponentType } from "preact";
import { For } from "../../app/guard";
import { NotFound } from "../not-found";
import { Checkout } from "./checkout";
import { Edit } from "./edit";
import { Me } from "./me";
import { OrderPage } from "./order";
import { Orders } from "./orders";
import { WavePage } from "./wave";
import { Waves } from "./waves";

/** A page of one's own: for whoever is signed in and may order. */
function own(Content: ComponentType): ComponentType {
  return () => (
    <For roles={["member", "pic"]}>
      <Content />
    </For>
  );
}

const OwnCheckout = own(Checkout);
const OwnOrders = own(Orders);
const OwnOrder = own(OrderPage);
const OwnEdit = own(Edit);
const OwnMe = own(Me);

export default function Member() {
  return (
    <Router>
      <Route path="/" component={Waves} />
      <Route path="/gelombang" component={Waves} />
      <Route path="/gelombang/:wave_id" component={WavePage} />
      <Route path="/gelombang/:wave_id/pesan" component={OwnCheckout} />
      <Route path="/pesanan" component={OwnOrders} />
      <Route path="/pesanan/:order_id" component={OwnOrder} />
      <Route path="/pesanan/:order_id/ubah" component={OwnEdit} />
      <Route path="/saya" component={OwnMe} />
      <Route default component={NotFound} />
    </Router>
  );
}
