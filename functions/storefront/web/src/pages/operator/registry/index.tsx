import { Route, Router } from "preact-iso";
import { NotFound } from "../../not-found";
import { Cooperatives } from "./cooperatives";
import { Dropoffs } from "./dropoffs";
import { Institutions } from "./institutions";

export function Registry() {
  return (
    <Router>
      <Route path="/titik" component={Dropoffs} />
      <Route path="/instansi" component={Institutions} />
      <Route path="/koperasi" component={Cooperatives} />
      <Route default component={NotFound} />
    </Router>
  );
}
