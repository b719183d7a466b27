import { useRead } from "../../api/reading";
import { Page } from "../../parts/page";
import { Shown } from "../../parts/states";
import { meWords } from "../../words/me";
import { MyAddresses } from "./my-addresses";
import { MyDetails } from "./my-details";
import { MyData } from "./my-data";
import { MyRefundAccount } from "./my-refund-account";

export function Me() {
  const reading = useRead("/v1/me", {});
  return (
    <Page title={meWords().title}>
      <Shown reading={reading}>
        {(me) => (
          <div class="two">
            <div class="stack">
              <MyDetails key={me.id} me={me} again={reading.again} />
              <MyAddresses me={me} again={reading.again} />
            </div>
            <div class="stack">
              <MyRefundAccount />
              <MyData />
            </div>
          </div>
        )}
      </Shown>
    </Page>
  );
}
