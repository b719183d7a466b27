import { Route, Router } from "preact-iso";
import { For } from "../../app/guard";
import { NotFound } from "../not-found";
import { Start } from "./start";

export default function OperatorPages() {
  return (
    <For roles={["operator"]}>
      <Router>
        <Route path="/" component={Start} />
        <Route default component={NotFound} />
      </Router>
    </For>
  );
}
