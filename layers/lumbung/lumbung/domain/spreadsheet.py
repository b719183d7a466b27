"""Text in cells of a spreadsheet."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """Return *cell* as text also for a spreadsheet that would take it for a formula.

    =1+1         '=1+1
    +62811       '+62811
    Budi         Budi
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell
