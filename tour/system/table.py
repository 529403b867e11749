"""Plain tables for the terminal."""


def format_table(rows: list[list[str]], left: int) -> str:
    """Return the rows, headings among them, as lines of aligned columns.

    The first `left` columns hold words and begin in line, the others hold numbers and end in line.
    """
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if index < left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    )
