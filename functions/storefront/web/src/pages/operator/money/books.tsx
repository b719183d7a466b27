import { useRead } from "../../../api/reading";
import { Page } from "../../../parts/page";
import { Empty, Notice, Shown } from "../../../parts/states";
import { Table } from "../../../parts/table";
import { rupiah } from "../../../words/formats";
import { officeMoneyWords } from "../../../words/office-money";
import { MoneyNav } from "./nav";

export function TrialBalance() {
  const words = officeMoneyWords().books;
  const reading = useRead("/v1/ledger/trial-balance", {});
  return (
    <Page title={words.title}>
      <MoneyNav />
      <Shown reading={reading}>
        {(told) =>
          told.accounts.length === 0 ? (
            <Empty title={words.none} />
          ) : (
            <>
              <Notice tone={told.difference === 0 ? "good" : "bad"}>{told.difference === 0 ? words.even : words.uneven(rupiah(told.difference))}</Notice>
              <Table
                caption={words.title}
                rows={told.accounts}
                rowKey={(account) => account.account}
                columns={[
                  { title: words.account, cell: (account) => account.account },
                  { title: words.debits, cell: (account) => rupiah(account.debits), number: true },
                  { title: words.credits, cell: (account) => rupiah(account.credits), number: true },
                  { title: words.balance, cell: (account) => rupiah(account.debits - account.credits), number: true },
                ]}
                foot={[words.sum, rupiah(told.debits), rupiah(told.credits), rupiah(told.difference)]}
              />
            </>
          )
        }
      </Shown>
    </Page>
  );
}
