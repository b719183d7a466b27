import { SectionNav } from "../../../parts/section-nav";
import { officeMoneyWords } from "../../../words/office-money";

export function MoneyNav() {
  const words = officeMoneyWords();
  return (
    <SectionNav
      label={words.nav}
      links={[
        { href: "/kantor/uang/pengembalian", label: words.refunds.title },
        { href: "/kantor/uang/rekonsiliasi", label: words.reconciliation.title },
        { href: "/kantor/uang/neraca", label: words.books.title },
        { href: "/kantor/uang/koperasi", label: words.settlements.title },
        { href: "/kantor/uang/setoran", label: words.cash.title },
        { href: "/kantor/uang/tertahan", label: words.inbox.title },
      ]}
    />
  );
}
