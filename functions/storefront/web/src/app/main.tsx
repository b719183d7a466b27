import "../parts/tokens.css";
import "../parts/base.css";
import "../parts/parts.css";
import "./shell.css";
import { render } from "preact";
import { App } from "./app";
import { reloadWhenOutdated } from "./outdated";
import { startWorker } from "./start-worker";

reloadWhenOutdated();
render(<App />, document.getElementById("app")!);
startWorker();
