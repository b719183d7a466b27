import { useList } from "../../../api/list";
import { More } from "../../../parts/more";
import { Page } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { count, moment } from "../../../words/formats";
import { officeMoneyWords } from "../../../words/office-money";
import { MoneyNav } from "./nav";

export function Inbox() {
  const words = officeMoneyWords().inbox;
  const list = useList("/v1/inbox", {});
  return (
    <Page title={words.title}>
      <MoneyNav />
      <p class="soft">{words.why}</p>
      <Shown reading={list}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={words.none} />
          ) : (
            <Table
              caption={words.title}
              rows={items}
              rowKey={(event) => event.id}
              columns={[
                { title: words.subject, cell: (event) => <code class="small">{event.subject}</code> },
                { title: words.provider, cell: (event) => event.provider },
                { title: words.said, cell: (event) => event.said },
                { title: words.reason, cell: (event) => event.reason ?? "–" },
                { title: words.tries, cell: (event) => count(event.tries), number: true },
                { title: words.received, cell: (event) => moment(event.received_at) },
                { title: words.next, cell: (event) => moment(event.next_try_at) },
              ]}
            />
          )
        }
      </Shown>
      <More list={list} />
    </Page>
  );
}
