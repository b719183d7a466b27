/** The time that is left until a moment, by the server's clock. */
import { second } from "../api/server-time";
import { span } from "../words/formats";

export function Countdown({ to }: { to: string }) {
  return (
    <time class="number" dateTime={to}>
      {span((Date.parse(to) - second.value) / 1_000)}
    </time>
  );
}
