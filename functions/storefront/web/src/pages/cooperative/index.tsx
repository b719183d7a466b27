import { Route, Router } from "preact-iso";
import { For } from "../../app/guard";
import { NotFound } from "../not-found";
import { Start } from "./start";

export default function CooperativePages() {
  return (
    <For roles={["cooperative"]}>
      <Router>
        <Route path="/" component={Start} />
        <Route default component={NotFound} />
      </Router>
    </For>
  );
}
