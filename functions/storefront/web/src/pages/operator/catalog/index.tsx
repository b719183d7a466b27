import { Route, Router } from "preact-iso";
import { NotFound } from "../../not-found";
import { Market } from "./market";
import { Quarantine } from "./quarantine";
import { Run } from "./run";
import { Sources } from "./sources";
import { Suppliers } from "./suppliers";

export function Catalog() {
  return (
    <Router>
      <Route path="/sinkronisasi" component={Sources} />
      <Route path="/sinkronisasi/:sync_id" component={Run} />
      <Route path="/karantina" component={Quarantine} />
      <Route path="/pemasok" component={Suppliers} />
      <Route path="/harga" component={Market} />
      <Route default component={NotFound} />
    </Router>
  );
}
