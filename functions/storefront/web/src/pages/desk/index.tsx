import "./desk.css";
import { Route, Router } from "preact-iso";
import { useEffect } from "preact/hooks";
import { For } from "../../app/guard";
import { NotFound } from "../not-found";
import { Cash } from "./cash";
import { Counting } from "./counting";
import { HandingOver } from "./handing-over";
import { NewOrder } from "./new-order";
import { OrdersHere } from "./orders-here";
import { Start } from "./start";
import { Trips } from "./trips";
import { keepUploading } from "./upload";
import { Waiting, WaitingStrip } from "./waiting";

export default function Desk() {
  return (
    <For roles={["pic"]}>
      <Desks />
    </For>
  );
}

function Desks() {
  useEffect(keepUploading, []);
  return (
    <div class="stack">
      <WaitingStrip />
      <Router>
        <Route path="/" component={Start} />
        <Route path="/unggahan" component={Waiting} />
        <Route path="/:dropoff_id/kas" component={Cash} />
        <Route path="/:dropoff_id/:wave_id/terima" component={Counting} />
        <Route path="/:dropoff_id/:wave_id/serah" component={HandingOver} />
        <Route path="/:dropoff_id/:wave_id/pesanan" component={OrdersHere} />
        <Route path="/:dropoff_id/:wave_id/pesan" component={NewOrder} />
        <Route path="/:dropoff_id/:wave_id/kirim" component={Trips} />
        <Route default component={NotFound} />
      </Router>
    </div>
  );
}
