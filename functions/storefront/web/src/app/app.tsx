import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from "preact-iso";
import { useEffect, useErrorBoundary } from "preact/hooks";
import { Button } from "../parts/button";
import { Page } from "../parts/page";
import { Loading, Notice } from "../parts/states";
import { appWords } from "../words/app";
import { CooperativePages, Desk, HOME, Member, OperatorPages } from "./sections";
import { session, token } from "./session";
import { Shell } from "./shell";

export function App() {
  return (
    <LocationProvider>
      <Shell>
        <SignInOutcome />
        <Whole />
      </Shell>
    </LocationProvider>
  );
}

function Whole() {
  const [broken] = useErrorBoundary();
  useEffect(() => {
    token().catch(() => undefined); // what came of it is in `session`
  }, []);
  if (broken) return <Broken />;
  return (
    <ErrorBoundary>
      <Router>
        <Route path="/" component={Start} />
        <Route path="/loket" component={Desk} />
        <Route path="/loket/*" component={Desk} />
        <Route path="/koperasi" component={CooperativePages} />
        <Route path="/koperasi/*" component={CooperativePages} />
        <Route path="/kantor" component={OperatorPages} />
        <Route path="/kantor/*" component={OperatorPages} />
        <Route path="/*" component={Member} />
      </Router>
    </ErrorBoundary>
  );
}

/** The front page: the waves, or where somebody in another role works. */
function Start() {
  const { route } = useLocation();
  const roles = session.value?.roles ?? [];
  const elsewhere = roles.length > 0 && !roles.includes("member") ? HOME[roles[0]!] : undefined;
  useEffect(() => {
    if (elsewhere) route(elsewhere, true);
  }, [elsewhere]);
  if (session.value === undefined || elsewhere) return <Loading />;
  return <Member />;
}

function SignInOutcome() {
  const { query } = useLocation();
  return query["masuk"] === "gagal" ? <Notice tone="bad">{appWords().signInFailed}</Notice> : null;
}

function Broken() {
  const words = appWords();
  return (
    <Page title={words.broken}>
      <p>{words.brokenWhy}</p>
      <p>
        <Button onClick={() => location.reload()}>{words.reload}</Button>
      </p>
    </Page>
  );
}
